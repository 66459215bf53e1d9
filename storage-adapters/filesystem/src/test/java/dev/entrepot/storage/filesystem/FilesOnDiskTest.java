package dev.entrepot.storage.filesystem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store makes of the files in its directory, and of files that are not its own. */
class FilesOnDiskTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.ofContent(DigestAlgorithm.SHA256, CONTENT);

  @TempDir(factory = InMemory.class)
  Path parent;

  private Path directory;
  private BlobStore store;

  @BeforeEach
  void open() {
    directory = parent.resolve("new/store");
    store = FilesystemBlobStore.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private StoredBlob put() {
    try (BlobUpload upload = start(UUID.randomUUID())) {
      return upload.commit(DIGEST);
    }
  }

  private BlobUpload start(UUID id) {
    BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256);
    upload.append(List.of(ByteBuffer.wrap(CONTENT)));
    return upload;
  }

  private Path file(StoredBlob blob) {
    return directory.resolve(blob.key().value());
  }

  @Test
  void bytesWhoseFolderIsGoneAreAwayAndNotLost() throws IOException {
    StoredBlob stored = put();
    Path file = directory.resolve(stored.key().value());
    Files.delete(file);
    assertEquals(Optional.empty(), store.stat(stored.key()));
    Files.delete(file.getParent());
    assertThrows(StorageException.Unavailable.class, () -> store.stat(stored.key()));
  }

  @Test
  void onlyTheOwnerMayReadFilesAndEnterFolders() throws IOException {
    put();
    start(UUID.randomUUID()).close();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        String expected = Files.isDirectory(path) ? "rwx------" : "rw-------";
        assertEquals(expected, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      }
    }
  }

  @Test
  void filesLieWhereTheyAreExpected() {
    StoredBlob blob = put();
    String hex = DIGEST.hex();
    String folder = "blobs/sha256/" + hex.substring(0, 2) + "/";
    assertTrue(blob.key().value().startsWith(folder + hex + "."), blob::toString);
    UUID id = UUID.randomUUID();
    start(id).close();
    assertTrue(Files.isRegularFile(directory.resolve("uploads/" + id)));
  }

  @Test
  void otherFilesAreNotListed() throws IOException {
    StoredBlob blob = put();
    Files.createFile(directory.resolve("blobs/sha256/00/.nfs0001"));
    Files.createFile(directory.resolve("blobs/sha256/ff/README"));
    Files.createFile(directory.resolve("blobs/sha256/ff/00ff.00"));
    Files.createDirectory(directory.resolve("blobs/sha256/ff/ff00.00"));
    Files.createDirectory(directory.resolve("blobs/lost+found"));
    Files.createFile(directory.resolve("uploads/README"));
    assertEquals(List.of(blob), store.list(null, 1));
    assertEquals(List.of(blob), store.list(null, 10));
    assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
  }

  @Test
  void keysThatNameOtherFilesAreAbsent() {
    UUID id = UUID.randomUUID();
    start(id).close();
    for (String other : List.of("uploads/" + id, "uploads", "blobs/sha256/ab", "blobs")) {
      StorageKey key = new StorageKey(other);
      assertEquals(Optional.empty(), store.stat(key));
      store.delete(key);
      assertTrue(Files.exists(directory.resolve(other)));
    }
  }

  @Test
  void symbolicLinksAreNotFollowed() throws IOException {
    Path secret = Files.write(parent.resolve("secret"), CONTENT);
    StoredBlob blob = put();
    Files.delete(file(blob));
    Files.createSymbolicLink(file(blob), secret);
    assertEquals(Optional.empty(), store.stat(blob.key()));

    UUID id = UUID.randomUUID();
    Files.createSymbolicLink(directory.resolve("uploads/" + id), secret);
    assertThrows(
        StorageException.Unavailable.class,
        () -> store.resumeUpload(id, DigestAlgorithm.SHA256, UploadState.EMPTY));
    start(id).close();
    assertArrayEquals(CONTENT, Files.readAllBytes(secret));
  }

  /** By another server, which has taken the upload over; this one may not know that yet. */
  @Test
  void whoHasAnUploadOpenThatIsStartedAgainWritesToNothing() {
    UUID id = UUID.randomUUID();
    BlobUpload slow = start(id);
    BlobUpload next = start(id);
    slow.append(List.of(ByteBuffer.wrap(new byte[2 * CONTENT.length])));
    slow.suspend();
    StoredBlob blob = next.commit(Digest.ofContent(DigestAlgorithm.SHA256, CONTENT));
    assertEquals(CONTENT.length, blob.size());
    assertEquals(CONTENT.length, file(blob).toFile().length());
    slow.close();
  }

  @Test
  void blobThatShrankFailsInsteadOfEnding() throws IOException {
    StoredBlob blob = put();
    ByteRange whole = new ByteRange(0, CONTENT.length);
    try (BlobContent content = store.open(blob.key(), whole);
        InputStream stream = content.stream()) {
      try (RandomAccessFile file = new RandomAccessFile(file(blob).toFile(), "rw")) {
        file.setLength(3);
      }
      assertArrayEquals(new byte[] {'c', 'o', 'n'}, stream.readNBytes(3));
      assertThrows(StorageException.Unavailable.class, stream::read);
      assertThrows(StorageException.Unavailable.class, () -> store.open(blob.key(), whole));
    }
  }

  @Test
  void blobOfALongUploadIsAsOldAsItsCommit() throws IOException {
    UUID id = UUID.randomUUID();
    try (BlobUpload upload = start(id)) {
      Instant yesterday = Instant.now().minus(Duration.ofDays(1));
      Files.setLastModifiedTime(directory.resolve("uploads/" + id), FileTime.from(yesterday));
      assertEquals(List.of(id), store.listUploads(Duration.ofHours(23), 10));
      StoredBlob blob = upload.commit(DIGEST);
      assertTrue(blob.modified().isAfter(yesterday.plus(Duration.ofHours(23))));
      assertEquals(Optional.of(blob), store.stat(blob.key()));
    }
  }

  @Test
  void linkedBytesAreAsYoungAsThoseJustStored() throws IOException {
    Path old = Files.write(parent.resolve("old"), CONTENT);
    Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
    StorageKey key = BlobKeys.named(DIGEST);
    Instant before = Instant.now().minus(Duration.ofSeconds(1));
    try (FilesystemBlobStore files = FilesystemBlobStore.open(directory)) {
      assertTrue(files.link(key, DIGEST, old));
    }
    assertTrue(store.stat(key).orElseThrow().modified().isAfter(before));
  }

  @Test
  void suspendedUploadIsNotReadBackWhenNoBytesFollow() throws IOException {
    UUID id = UUID.randomUUID();
    UploadState state;
    try (BlobUpload upload = start(id)) {
      state = upload.suspend();
    }
    Files.write(directory.resolve("uploads/" + id), new byte[CONTENT.length]);
    try (BlobUpload upload = store.resumeUpload(id, DigestAlgorithm.SHA256, state)) {
      assertEquals(CONTENT.length, upload.commit(DIGEST).size());
    }
  }

  @Test
  void uploadThatWasDroppedMeanwhileCannotBeCommitted() {
    UUID id = UUID.randomUUID();
    try (BlobUpload upload = start(id)) {
      store.abortUpload(id, UploadState.EMPTY);
      assertThrows(StorageException.NotFound.class, () -> upload.commit(DIGEST));
    }
    assertEquals(List.of(), store.list(null, 10));
  }

  @Test
  void missingFoldersAreCreatedAgain() throws IOException {
    Files.delete(directory.resolve("blobs/sha256").resolve(DIGEST.hex().substring(0, 2)));
    store = FilesystemBlobStore.open(directory);
    assertEquals(Optional.of(put().size()), Optional.of((long) CONTENT.length));
  }

  @Test
  void directoryThatIsAFileIsRejected() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    for (Path unusable : List.of(file, file.resolve("below"))) {
      var failure =
          assertThrows(
              StorageException.Unavailable.class, () -> FilesystemBlobStore.open(unusable));
      assertTrue(
          failure.getMessage().startsWith("cannot keep blobs in " + unusable + ": "),
          failure::getMessage);
    }
  }
}
