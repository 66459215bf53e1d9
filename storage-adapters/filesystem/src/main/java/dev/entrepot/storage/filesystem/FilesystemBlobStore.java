package dev.entrepot.storage.filesystem;

import static dev.entrepot.storage.filesystem.DurableFiles.unavailable;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoreJournal;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link BlobStore} in one directory of a local file system with POSIX semantics.
 *
 * <p>A blob becomes visible by a rename that happens after its bytes are synced, and is reported
 * only after its folder is synced as well. All folders exist from the start, so that a commit syncs
 * one folder and not its parents.
 */
public final class FilesystemBlobStore implements BlobStore {
  private static final int RESTORED_CHUNK = 1 << 20;

  private final Layout layout;
  private final DirectBuffers buffers = new DirectBuffers();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  private FilesystemBlobStore(Layout layout) {
    this.layout = layout;
  }

  /**
   * Opens the store in a directory, which is created when there is none.
   *
   * @throws StorageException.Unavailable when the directory cannot be used
   */
  public static FilesystemBlobStore open(Path directory) {
    Layout layout = new Layout(directory.toAbsolutePath().normalize());
    try {
      prepare(layout);
    } catch (IOException e) {
      throw unavailable("cannot keep blobs in " + directory, e);
    }
    return new FilesystemBlobStore(layout);
  }

  /** Opens a copy of such a directory: nothing is created in it, and nothing may be stored. */
  public static FilesystemBlobStore openToRead(Path directory) {
    return new FilesystemBlobStore(new Layout(directory.toAbsolutePath().normalize()));
  }

  private static void prepare(Layout layout) throws IOException {
    DurableFiles.createDirectories(layout.directory());
    for (Path folder : layout.mainFolders()) {
      DurableFiles.createDirectory(folder);
    }
    for (String folder : Layout.BLOB_FOLDERS) {
      DurableFiles.createDirectory(layout.directory().resolve(folder));
    }
    Object device = Files.getAttribute(layout.uploads(), "unix:dev");
    for (Path folder : layout.mainFolders()) {
      // Also when nothing was created just now: whoever created it may have died before this.
      DurableFiles.sync(folder);
      if (!Files.getAttribute(folder, "unix:dev").equals(device)) {
        throw new IOException(folder + " and " + layout.uploads() + " are on two file systems");
      }
      if (!Files.isWritable(folder)) {
        throw new IOException(folder + " is not writable");
      }
    }
  }

  @Override
  public Optional<StoredBlob> stat(StorageKey key) {
    return layout.blob(key).flatMap(file -> stat(key, file));
  }

  private static Optional<StoredBlob> stat(StorageKey key, Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
      Instant modified = attributes.lastModifiedTime().toInstant();
      return attributes.isRegularFile()
          ? Optional.of(new StoredBlob(key, attributes.size(), modified))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      if (!Files.isDirectory(DurableFiles.folderOf(file))) {
        // All folders are there from the start: this is a disk that is not mounted, no lost blob.
        throw unavailable("no folder for " + key, e);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw unavailable("cannot look up " + key, e);
    }
  }

  @Override
  public BlobContent open(StorageKey key, ByteRange range) {
    StoredBlob blob = stat(key).orElseThrow(() -> new StorageException.NotFound(key.value()));
    if (range.offset() + range.length() > blob.size()) {
      throw new StorageException.Unavailable(
          key + " holds " + blob.size() + " bytes, asked for " + range, null);
    }
    return new FileContent(key, layout.directory().resolve(key.value()), range);
  }

  @Override
  public FileUpload startUpload(UUID id, DigestAlgorithm algorithm) {
    try {
      FileChannel channel = DurableFiles.create(layout.upload(id));
      return new FileUpload(layout, id, channel, UploadState.EMPTY, algorithm, buffers, executor);
    } catch (IOException e) {
      throw unavailable("cannot start upload " + id, e);
    }
  }

  @Override
  public BlobUpload resumeUpload(UUID id, DigestAlgorithm algorithm, UploadState state) {
    try {
      FileChannel channel = FileChannel.open(layout.upload(id), READ, WRITE, NOFOLLOW_LINKS);
      try {
        long size = channel.size();
        if (size < state.offset()) {
          throw new StorageException.OffsetMismatch(state.offset(), size);
        }
        channel.truncate(state.offset()).position(state.offset());
        return new FileUpload(layout, id, channel, state, algorithm, buffers, executor);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new StorageException.NotFound("upload " + id);
    } catch (IOException e) {
      throw unavailable("cannot resume upload " + id, e);
    }
  }

  /** In a copy of the file: who has the old one open writes to what has no name any more. */
  @Override
  public BlobUpload takeOverUpload(UUID id, DigestAlgorithm algorithm, UploadState state) {
    Path copy = layout.upload(UUID.randomUUID()); // swept like an upload where a crash leaves it
    try {
      DurableFiles.replaceByCopy(layout.upload(id), copy, state.offset());
    } catch (NoSuchFileException e) {
      throw new StorageException.NotFound("upload " + id);
    } catch (IOException e) {
      throw unavailable("cannot take over upload " + id, e);
    }
    return resumeUpload(id, algorithm, state);
  }

  /** Read back: whoever was away for long may have moved there what another had begun to write. */
  @Override
  public Optional<StoredBlob> findCommitted(UUID id, Digest digest) {
    return stat(BlobKeys.named(digest, id))
        .filter(blob -> digestOf(blob, digest.algorithm()).equals(digest));
  }

  @Override
  public void abortUpload(UUID id, UploadState state) {
    try {
      Files.deleteIfExists(layout.upload(id));
    } catch (IOException e) {
      throw unavailable("cannot drop upload " + id, e);
    }
  }

  @Override
  public List<UUID> listUploads(Duration age, int limit) {
    requirePositive(limit);
    Instant latest = Instant.now().minus(age);
    List<UUID> ids = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.uploads())) {
      for (Path file : files) {
        Optional<UUID> id = Layout.uploadId(file);
        if (id.isPresent() && !lastTouched(file).isAfter(latest)) {
          ids.add(id.get());
          if (ids.size() == limit) {
            break;
          }
        }
      }
      return ids;
    } catch (IOException e) {
      throw unavailable("cannot list uploads", e);
    }
  }

  /** The end of time when the file has gone meanwhile. */
  private static Instant lastTouched(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file, NOFOLLOW_LINKS).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MAX;
    }
  }

  @Override
  public void delete(StorageKey key) {
    Optional<Path> file = layout.blob(key);
    if (file.isEmpty()) {
      return;
    }
    try {
      Files.deleteIfExists(file.get());
      Files.deleteIfExists(layout.note(key));
    } catch (IOException e) {
      throw unavailable("cannot delete " + key, e);
    }
    try {
      // Also when it was gone: whoever removed it may have died before this.
      DurableFiles.sync(DurableFiles.folderOf(file.get()));
    } catch (IOException e) {
      throw new StorageException.OutcomeUnknown("cannot sync the folder of " + key, e);
    }
  }

  @Override
  public List<StoredBlob> list(@Nullable StorageKey after, int limit) {
    requirePositive(limit);
    String last = after == null ? "" : after.value();
    List<StoredBlob> page = new ArrayList<>();
    try {
      for (String folder : Layout.BLOB_FOLDERS) {
        // No character of a key sorts after a tilde.
        if (last.compareTo(folder + "/~") < 0) {
          addBlobs(folder, last, limit, page);
        }
        if (page.size() == limit) {
          break;
        }
      }
      return page;
    } catch (IOException e) {
      throw unavailable("cannot list blobs", e);
    }
  }

  /** Adds the blobs of one folder with keys after {@code last} until the page is full. */
  private void addBlobs(String folder, String last, int limit, List<StoredBlob> page)
      throws IOException {
    String from = last;
    while (page.size() < limit) {
      List<String> keys = firstKeys(folder, from, limit - page.size());
      if (keys.isEmpty()) {
        return;
      }
      // A blob deleted since the folder was read leaves its place to the next one.
      keys.forEach(key -> stat(new StorageKey(key)).ifPresent(page::add));
      from = keys.getLast();
    }
  }

  /** The first keys after {@code last}; memory is bounded by the page, not by the folder. */
  private List<String> firstKeys(String folder, String last, int limit) throws IOException {
    NavigableSet<String> keys = new TreeSet<>();
    try (var files = Files.newDirectoryStream(layout.directory().resolve(folder))) {
      for (Path file : files) {
        String key = folder + "/" + file.getFileName();
        if (key.compareTo(last) > 0 && BlobKeys.isBlobKey(key)) {
          keys.add(key);
          if (keys.size() > limit) {
            keys.pollLast();
          }
        }
      }
    }
    return List.copyOf(keys);
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, not " + limit);
    }
  }

  @Override
  public Optional<URI> presign(StorageKey key, PresignedRead read) {
    return Optional.empty();
  }

  @Override
  public void restore(StorageKey key, Digest digest, long size, InputStream bytes) {
    BlobKeys.require(key, digest);
    if (has(key, size)) {
      return;
    }
    FileUpload upload = startUpload(UUID.randomUUID(), digest.algorithm());
    try {
      byte[] chunk = new byte[RESTORED_CHUNK];
      for (int n = bytes.read(chunk); n >= 0; n = bytes.read(chunk)) {
        upload.append(List.of(ByteBuffer.wrap(chunk, 0, n)));
      }
      upload.commit(digest, key);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bytes to restore", e);
    } finally {
      upload.abort(); // does nothing after the commit
      upload.close();
    }
  }

  /**
   * Makes the bytes of another file those at the key, by a hard link: nothing is copied, and
   * nothing is read, so that they are not checked.
   *
   * @param file which nobody writes to any more; its time becomes now, as that of any bytes that
   *     have just been stored: older ones without a row are taken for what a crash has left
   * @return false, and nothing done at the key, when it cannot be linked to here, or something is
   *     at the key
   */
  public boolean link(StorageKey key, Digest digest, Path file) {
    Optional<Path> target = layout.blob(key);
    if (target.isEmpty()) {
      return false;
    }
    try {
      if (BlobKeys.digest(key).isEmpty()) {
        DurableFiles.write(layout.note(key), digest.toString());
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      Files.createLink(target.get(), file);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // another file system, or one without links
    }
    try {
      DurableFiles.sync(DurableFiles.folderOf(target.get()));
      return true;
    } catch (IOException e) {
      throw unavailable("cannot sync the folder of " + key, e);
    }
  }

  @Override
  public Optional<Digest> digest(StorageKey key) {
    return BlobKeys.digest(key).or(() -> note(key));
  }

  private Optional<Digest> note(StorageKey key) {
    if (!BlobKeys.isBlobKey(key.value())) {
      return Optional.empty();
    }
    try {
      return Digest.tryParse(Files.readString(layout.note(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unavailable("cannot read the note of " + key, e);
    }
  }

  @Override
  public UUID claim(UUID owner) {
    Path file = layout.directory().resolve("identity");
    try {
      if (!Files.exists(file)) {
        DurableFiles.createOnce(file, owner + "\n");
      }
      return UUID.fromString(Files.readString(file).strip());
    } catch (IOException | IllegalArgumentException e) {
      throw new StorageException.Unavailable("cannot check " + file + ": " + e, e);
    }
  }

  @Override
  public StoreJournal journal() {
    return new FileJournal(layout);
  }

  @Override
  public long minChunk() {
    return 0;
  }

  @Override
  public void close() {
    executor.close();
  }
}
