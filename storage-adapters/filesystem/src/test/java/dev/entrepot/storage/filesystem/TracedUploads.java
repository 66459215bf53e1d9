package dev.entrepot.storage.filesystem;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Uploads, suspends, commits, aborts and deletes in several threads, and says on standard output
 * what it was promised: the program that {@link PowerLossTest} watches.
 */
final class TracedUploads {
  private static final int THREADS = 3;
  private static final int UPLOADS = 12;
  private static final int LARGEST = 400_000;

  /** Long enough for bytes to be written back early. */
  private static final int VERY_LARGE = 9_000_000;

  private static final FileOutputStream OUTPUT = new FileOutputStream(FileDescriptor.out);

  private final BlobStore store;
  private final Random random;

  private TracedUploads(BlobStore store, long seed) {
    this.store = store;
    this.random = new Random(seed);
  }

  public static void main(String[] args) throws Exception {
    try (BlobStore store = FilesystemBlobStore.open(Path.of(args[0]));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> threads = new ArrayList<>();
      for (int seed = 0; seed < THREADS; seed++) {
        TracedUploads uploads = new TracedUploads(store, seed);
        boolean large = seed == 0;
        threads.add(executor.submit(() -> uploads.run(large)));
      }
      for (Future<?> thread : threads) {
        thread.get();
      }
    }
  }

  /** The bytes of an upload; of fewer bytes, their start. */
  static byte[] content(UUID id, int size) {
    byte[] content = new byte[size];
    new Random(id.getLeastSignificantBits()).nextBytes(content);
    return content;
  }

  private void run(boolean large) {
    for (int i = 0; i < UPLOADS; i++) {
      upload(large && i == UPLOADS / 2 ? VERY_LARGE : random.nextInt(LARGEST));
    }
  }

  private void upload(int size) {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    byte[] content = content(id, size);
    BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256);
    try {
      for (int offset = 0; offset < size; offset = (int) upload.offset()) {
        int length = Math.min(size - offset, 1 + random.nextInt(1 + size / 3));
        upload.append(List.of(ByteBuffer.wrap(content, offset, length)));
        if (random.nextInt(4) == 0) {
          UploadState state = upload.suspend();
          say("SUSPENDED", id, state.offset());
          upload.close();
          upload = store.resumeUpload(id, DigestAlgorithm.SHA256, state);
        }
      }
      end(upload, id, content);
    } finally {
      upload.close();
    }
  }

  private void end(BlobUpload upload, UUID id, byte[] content) {
    switch (random.nextInt(8)) {
      case 0 -> {} // left behind
      case 1 -> {
        say("ENDING", id);
        upload.abort();
      }
      default -> {
        say("ENDING", id);
        StoredBlob blob = upload.commit(Digest.ofContent(DigestAlgorithm.SHA512, content));
        say("COMMITTED", blob.key(), id, content.length);
        if (random.nextInt(4) == 0) {
          say("DELETING", blob.key());
          store.delete(blob.key());
          say("DELETED", blob.key());
        }
      }
    }
  }

  /** One line, in one system call. */
  static void say(Object... words) {
    String line = String.join(" ", List.of(words).stream().map(Object::toString).toList());
    try {
      OUTPUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
