package dev.entrepot.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveUploadTest {
  private static final byte[] CONTENT = "content".getBytes(java.nio.charset.StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.ofContent(DigestAlgorithm.SHA256, CONTENT);
  private static final Digest OTHER = Digest.ofContent(DigestAlgorithm.SHA256, new byte[1]);

  private Path directory;
  private LiveUpload upload;

  @BeforeEach
  void open(@TempDir Path temporary) {
    directory = temporary.resolve("store");
    BlobStore store = FilesystemBlobStore.open(directory);
    UploadId id = new UploadId(UUID.randomUUID(), new RepositoryName("a"), DigestAlgorithm.SHA256);
    upload = new LiveUpload(id, store, new Room(new Uncounted(), id));
  }

  @Test
  void bytesThatNoRowKnowsOfAreDroppedWithTheUpload() throws IOException {
    append();
    upload.forget();
    assertTrue(isEmpty("uploads"));
  }

  @Test
  void durableBytesStayWhenTheUploadIsForgotten() throws IOException {
    append();
    upload.markDurable(upload.open().suspend());
    upload.forget();
    assertFalse(isEmpty("uploads"));
    assertEquals(CONTENT.length, upload.open().offset());
  }

  @Test
  void bytesAfterTheDurableOnesAreDroppedWithTheUpload() throws IOException {
    append();
    upload.markDurable(upload.open().suspend());
    append();
    upload.forget();
    assertEquals(
        CONTENT.length,
        Files.size(directory.resolve("uploads").resolve(upload.id().uuid().toString())));
  }

  @Test
  void forgettingAfterTheCommitKeepsTheBlob() throws IOException {
    append();
    StoredBlob stored = upload.open().commit(DIGEST);
    upload.markStored(DIGEST, stored);
    upload.forget();
    assertTrue(Files.exists(directory.resolve(stored.key().value())));
  }

  @Test
  void committedBytesAreNeverGivenAsAnotherDigest() {
    append();
    assertNull(upload.stored(DIGEST));
    StoredBlob stored = upload.open().commit(DIGEST);
    upload.markStored(DIGEST, stored);
    assertEquals(stored, upload.stored(DIGEST));
    assertThrows(StorageException.DigestMismatch.class, () -> upload.stored(OTHER));
  }

  @Test
  void droppingAfterTheCommitClosesTheFile() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors));
    append();
    StoredBlob stored = upload.open().commit(DIGEST);
    upload.abort();
    try (var files = Files.list(descriptors)) {
      assertTrue(files.noneMatch(file -> leadsTo(file, stored)));
    }
  }

  @Test
  void closingRequestIsWaitedForNoLongerThanTold() {
    upload.hold(true);
    assertFalse(upload.awaitClosing(1));
    upload.letGo();
    assertTrue(upload.awaitClosing(0));
  }

  @Test
  void requestThatDoesNotCloseIsNotWaitedFor() {
    upload.hold(false);
    assertFalse(upload.awaitClosing(Long.MAX_VALUE));
  }

  private static boolean leadsTo(Path link, StoredBlob stored) {
    try {
      return Files.readSymbolicLink(link).toString().contains(stored.key().value());
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }

  private void append() {
    upload.open().append(List.of(ByteBuffer.wrap(CONTENT)));
  }

  private boolean isEmpty(String folder) throws IOException {
    try (var files = Files.list(directory.resolve(folder))) {
      return files.findAny().isEmpty();
    }
  }
}
