package dev.entrepot.storage.filesystem;

import static dev.entrepot.storage.filesystem.DurableFiles.unavailable;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;

import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An upload into a file of its own, which the commit renames into its place. */
final class FileUpload implements BlobUpload {
  private static final int READ_BACK_BUFFER = 256 << 10;

  private final Layout layout;
  private final UUID id;
  private final Path file;
  private final FileChannel channel;
  private final UploadWriter writer;

  /** Of all bytes before the offset; null when it is unknown. */
  private @Nullable RunningDigest digest;

  /** The finished one of all bytes before the offset; null when it is unknown. */
  private @Nullable Digest finished;

  private long offset;
  private boolean nameIsDurable;
  private boolean ended;

  FileUpload(
      Layout layout,
      UUID id,
      FileChannel channel,
      UploadState state,
      DigestAlgorithm algorithm,
      DirectBuffers buffers,
      Executor executor) {
    this.layout = layout;
    this.id = id;
    this.file = layout.upload(id);
    this.channel = channel;
    this.offset = state.offset();
    this.writer = new UploadWriter(file, channel, offset, buffers, executor);
    this.digest = offset == 0 ? new RunningDigest(algorithm, executor) : null;
    this.finished = Digest.tryParse(state.detail()).orElse(null);
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public void append(List<ByteBuffer> buffers) {
    requireRunning();
    ByteBuffer[] bytes = buffers.toArray(ByteBuffer[]::new);
    long length = remaining(bytes);
    if (length == 0) {
      return;
    }
    finished = null;
    CompletableFuture<Void> hashed =
        digest == null ? CompletableFuture.completedFuture(null) : digest.update(bytes, length);
    try {
      writer.append(bytes, length);
    } catch (IOException e) {
      digest = null; // it has seen bytes that were not taken
      throw unavailable("cannot write to upload " + id, e);
    } finally {
      // The buffers are the caller's again when this returns.
      hashed.join();
    }
    offset += length;
  }

  @Override
  public UploadState suspend() {
    requireRunning();
    try {
      writer.sync();
      if (!nameIsDurable) {
        DurableFiles.sync(layout.uploads());
        nameIsDurable = true;
      }
      if (digest != null) {
        finished = digest.current();
      }
      return new UploadState(offset, finished == null ? "" : finished.toString());
    } catch (IOException e) {
      throw unavailable("cannot sync upload " + id, e);
    }
  }

  @Override
  public StoredBlob commit(Digest expected) {
    return commit(expected, BlobKeys.named(expected, id));
  }

  /** Commits under a given key. */
  StoredBlob commit(Digest expected, StorageKey key) {
    requireRunning();
    try {
      Digest actual = digest(expected.algorithm());
      if (!actual.equals(expected)) {
        throw new StorageException.DigestMismatch(expected, actual);
      }
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      touch(now);
      writer.sync();
      if (BlobKeys.digest(key).isEmpty()) {
        DurableFiles.write(layout.note(key), expected.toString());
      }
      publish(layout.directory().resolve(key.value()));
      return new StoredBlob(key, offset, now);
    } catch (IOException e) {
      throw unavailable("cannot commit upload " + id, e);
    }
  }

  /** The last write may be long ago, and clean-up spares only blobs that were stored just now. */
  private void touch(Instant now) throws IOException {
    try {
      Files.setLastModifiedTime(file, FileTime.from(now));
    } catch (NoSuchFileException e) {
      throw new StorageException.NotFound("upload " + id);
    }
  }

  private void publish(Path target) throws IOException {
    // Opened first, so that a lack of descriptors fails before anything is visible.
    FileChannel folder = FileChannel.open(DurableFiles.folderOf(target), READ);
    try {
      Files.move(file, target, ATOMIC_MOVE);
      ended = true;
      folder.force(true);
    } catch (IOException e) {
      if (ended) {
        throw new StorageException.OutcomeUnknown("cannot sync the folder of " + target, e);
      }
      throw e;
    } finally {
      DurableFiles.closeQuietly(folder);
    }
  }

  private Digest digest(DigestAlgorithm algorithm) throws IOException {
    if (digest != null && digest.algorithm() == algorithm) {
      return digest.current();
    }
    return finished != null && finished.algorithm() == algorithm ? finished : readBack(algorithm);
  }

  private Digest readBack(DigestAlgorithm algorithm) throws IOException {
    writer.flush();
    MessageDigest computation = algorithm.newMessageDigest();
    ByteBuffer buffer = ByteBuffer.allocate(READ_BACK_BUFFER);
    for (long position = 0; channel.read(buffer, position) >= 0; buffer.clear()) {
      position += buffer.position();
      computation.update(buffer.flip());
    }
    return Digest.of(algorithm, computation);
  }

  @Override
  public void abort() {
    if (ended) {
      return;
    }
    close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unavailable("cannot drop upload " + id, e);
    }
  }

  @Override
  public void close() {
    ended = true;
    writer.close();
  }

  private void requireRunning() {
    if (ended) {
      throw new IllegalStateException("upload " + id + " has ended");
    }
  }

  private static long remaining(ByteBuffer[] buffers) {
    long remaining = 0;
    for (ByteBuffer buffer : buffers) {
      remaining += buffer.remaining();
    }
    return remaining;
  }
}
