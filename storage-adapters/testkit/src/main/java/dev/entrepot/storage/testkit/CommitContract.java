package dev.entrepot.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StoredBlob;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link BlobUpload#commit}: from bytes to a blob. */
abstract class CommitContract extends StoreTests {
  /** How far the store's clock may be from this one. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 20_000_000})
  void bytesInAreBytesOut(int size) {
    byte[] content = content(size);
    StoredBlob bySha256 = put(content, sha256(content));
    StoredBlob bySha512 = put(content, sha512(content));
    assertEquals(size, bySha256.size());
    assertArrayEquals(content, read(bySha256));
    assertArrayEquals(content, read(bySha512));
  }

  @Test
  void blobIsThereForOtherStores() {
    StoredBlob blob = put(content(1000));
    store = openStore();
    assertArrayEquals(content(1000), read(blob));
  }

  @Test
  void nothingIsVisibleBeforeTheCommit() {
    try (BlobUpload upload = start()) {
      append(upload, content(100_000));
      upload.suspend();
      assertEquals(List.of(), store.list(null, 10));
    }
  }

  @Test
  void commitReturnsWhatIsStored() {
    StoredBlob blob = put(content(1000));
    assertEquals(Optional.of(blob), store.stat(blob.key()));
    assertEquals(List.of(blob), store.list(null, 10));
  }

  @Test
  void blobIsModifiedAtItsCommit() {
    Instant before = Instant.now();
    StoredBlob blob = put(content(10));
    assertTrue(blob.modified().isAfter(before.minus(CLOCK_SKEW)), () -> "" + blob);
    assertTrue(blob.modified().isBefore(Instant.now().plus(CLOCK_SKEW)), () -> "" + blob);
  }

  @Test
  void digestMismatchNamesBothDigests() {
    try (BlobUpload upload = start()) {
      append(upload, content(10));
      Digest wrong = sha256(content(11));
      var mismatch =
          assertThrows(StorageException.DigestMismatch.class, () -> upload.commit(wrong));
      assertEquals(wrong, mismatch.expected());
      assertEquals(sha256(content(10)), mismatch.actual());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "sha512"})
  void digestMismatchLeavesTheUploadAsItWas(String algorithm) {
    Digest wrong = Digest.ofContent(DigestAlgorithm.find(algorithm).orElseThrow(), content(11));
    try (BlobUpload upload = start()) {
      append(upload, content(10));
      assertThrows(StorageException.DigestMismatch.class, () -> upload.commit(wrong));
      assertEquals(10, upload.offset());
      assertEquals(List.of(), store.list(null, 10));
      append(upload, content(200_000));
      byte[] whole = concat(content(10), content(200_000));
      assertArrayEquals(whole, read(upload.commit(sha256(whole))));
    }
  }

  @Test
  void digestMismatchCanBeAborted() {
    try (BlobUpload upload = start()) {
      append(upload, content(10));
      assertThrows(StorageException.DigestMismatch.class, () -> upload.commit(sha256(content(11))));
      upload.abort();
    }
    assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
  }

  @ParameterizedTest
  @CsvSource({"SHA256, SHA512, 0", "SHA512, SHA256, 1", "SHA256, SHA512, 3000000"})
  void commitByAnotherAlgorithmThanStarted(
      DigestAlgorithm started, DigestAlgorithm asked, int size) {
    byte[] content = content(size);
    try (BlobUpload upload = store.startUpload(UUID.randomUUID(), started)) {
      append(upload, content);
      assertArrayEquals(content, read(upload.commit(Digest.ofContent(asked, content))));
    }
  }

  @Test
  void abortAndCloseAfterTheCommitKeepTheBlob() {
    byte[] content = content(10);
    BlobUpload upload = start();
    append(upload, content);
    StoredBlob blob = upload.commit(sha256(content));
    upload.abort();
    upload.close();
    upload.abort();
    assertArrayEquals(content, read(blob));
  }

  @Test
  void sameContentTwiceGetsTwoKeys() {
    StoredBlob first = put(content(10));
    StoredBlob second = put(content(10));
    assertNotEquals(first.key(), second.key());
    store.delete(first.key());
    assertArrayEquals(content(10), read(second));
  }

  @Test
  void sameContentAtOnceSucceedsEveryTime() throws Exception {
    byte[] content = content(1_000_000);
    List<StoredBlob> blobs = atOnce(8, () -> put(content));
    Set<Object> keys = new HashSet<>();
    for (StoredBlob blob : blobs) {
      keys.add(blob.key());
      assertArrayEquals(content, read(blob));
    }
    assertEquals(8, keys.size());
  }

  @Test
  void manyUploadsAtOnceDoNotMixTheirBytes() throws Exception {
    AtomicInteger size = new AtomicInteger(200_000);
    List<StoredBlob> blobs = atOnce(50, () -> put(content(size.incrementAndGet())));
    for (StoredBlob blob : blobs) {
      assertArrayEquals(content((int) blob.size()), read(blob));
    }
  }

  @Test
  void keyOfADeletedBlobIsNeverUsedAgain() {
    StoredBlob deleted = put(content(10));
    store.delete(deleted.key());
    store = openStore();
    for (int i = 0; i < 20; i++) {
      assertNotEquals(deleted.key(), put(content(10)).key());
    }
    assertFalse(store.stat(deleted.key()).isPresent());
  }

  @Test
  void startingACommittedUploadAgainKeepsItsBlob() {
    UUID id = UUID.randomUUID();
    byte[] content = content(10);
    try (BlobUpload first = store.startUpload(id, DigestAlgorithm.SHA256);
        BlobUpload second = commitAndRestart(first, id, content)) {
      append(second, content);
      StoredBlob before = store.list(null, 10).getFirst();
      assertArrayEquals(content, read(before));
      StoredBlob again = second.commit(sha256(content));
      assertEquals(before.key(), again.key());
      assertArrayEquals(content, read(again));
    }
  }

  private BlobUpload commitAndRestart(BlobUpload upload, UUID id, byte[] content) {
    append(upload, content);
    upload.commit(sha256(content));
    return store.startUpload(id, DigestAlgorithm.SHA256);
  }
}
