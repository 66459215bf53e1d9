package dev.entrepot.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link BlobUpload#suspend} and what another process does with such an upload. */
abstract class SuspendContract extends StoreTests {
  private static final DigestAlgorithm SHA256 = DigestAlgorithm.SHA256;
  private final UUID id = UUID.randomUUID();

  /** Starts the upload of this test, takes the content, suspends and forgets it. */
  private UploadState suspended(byte[] content) {
    return suspended(id, content);
  }

  private UploadState suspended(UUID id, byte[] content) {
    try (BlobUpload upload = store.startUpload(id, SHA256)) {
      append(upload, content);
      return upload.suspend();
    }
  }

  @Test
  void suspendTellsTheOffset() {
    assertEquals(0, suspended(new byte[0]).offset());
    assertEquals(1234, suspended(content(1234)).offset());
  }

  @Test
  void bytesMayFollowASuspension() {
    byte[] first = content(100_000);
    byte[] second = content(200_000);
    try (BlobUpload upload = start()) {
      append(upload, first);
      upload.suspend();
      append(upload, second);
      assertEquals(300_000, upload.suspend().offset());
      byte[] whole = concat(first, second);
      assertArrayEquals(whole, read(upload.commit(sha256(whole))));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 5 << 20, (5 << 20) + 1})
  void suspendedUploadContinuesInAnotherStore(int size) {
    byte[] first = content(size);
    byte[] second = content(size + 3);
    UploadState state = suspended(first);
    BlobStore other = openStore();
    try (BlobUpload resumed = other.resumeUpload(id, SHA256, state)) {
      assertEquals(size, resumed.offset());
      append(resumed, second);
      byte[] whole = concat(first, second);
      assertArrayEquals(whole, read(resumed.commit(sha256(whole))));
    }
  }

  @Test
  void everyChunkMayComeToAnotherStore() {
    byte[] whole = new byte[0];
    UploadState state = suspended(whole);
    for (int size : new int[] {1, 70_000, 6 << 20, 10}) {
      try (BlobUpload resumed = openStore().resumeUpload(id, SHA256, state)) {
        append(resumed, content(size));
        state = resumed.suspend();
        whole = concat(whole, content(size));
      }
    }
    try (BlobUpload resumed = openStore().resumeUpload(id, SHA256, state)) {
      assertArrayEquals(whole, read(resumed.commit(sha256(whole))));
    }
  }

  @Test
  void stateBeforeTheLastCanBeUsedWhenTheLastWasNotKept() {
    byte[] first = content(6 << 20);
    UploadState kept = suspended(first);
    try (BlobUpload resumed = openStore().resumeUpload(id, SHA256, kept)) {
      append(resumed, content(7 << 20));
      resumed.suspend();
    }
    byte[] whole = concat(first, content(10));
    try (BlobUpload resumed = openStore().resumeUpload(id, SHA256, kept)) {
      append(resumed, content(10));
      assertArrayEquals(whole, read(resumed.commit(sha256(whole))));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100_000, 5 << 20, 17 << 20})
  void suspendedUploadIsCommittedInAnotherStore(int size) {
    byte[] content = content(size);
    UploadState state = suspended(content);
    try (BlobUpload resumed = openStore().resumeUpload(id, SHA256, state)) {
      Digest wrong = sha256(content(2));
      assertThrows(StorageException.DigestMismatch.class, () -> resumed.commit(wrong));
      StoredBlob blob = resumed.commit(sha256(content));
      assertEquals(Optional.of(sha256(content)), store.digest(blob.key()));
      assertArrayEquals(content, read(blob));
    }
  }

  @ParameterizedTest
  @EnumSource
  void resumedUploadCommitsByAnyAlgorithm(DigestAlgorithm algorithm) {
    byte[] content = content(100_000);
    UploadState state = suspended(content);
    try (BlobUpload resumed = store.resumeUpload(id, algorithm, state)) {
      assertArrayEquals(content, read(resumed.commit(sha512(content))));
    }
  }

  @Test
  void digestMismatchAfterResumeLeavesTheUploadAsItWas() {
    byte[] content = content(100_000);
    UploadState state = suspended(content);
    try (BlobUpload resumed = store.resumeUpload(id, SHA256, state)) {
      assertThrows(StorageException.DigestMismatch.class, () -> resumed.commit(sha256(content(1))));
      append(resumed, content(5));
      byte[] whole = concat(content, content(5));
      assertArrayEquals(whole, read(resumed.commit(sha256(whole))));
    }
  }

  @Test
  void resumeDropsTheBytesPastTheState() {
    byte[] kept = content(100_000);
    UploadState state;
    try (BlobUpload upload = store.startUpload(id, SHA256)) {
      append(upload, kept);
      state = upload.suspend();
      append(upload, content(50_000));
    }
    byte[] other = content(10);
    try (BlobUpload resumed = openStore().resumeUpload(id, SHA256, state)) {
      assertEquals(kept.length, resumed.offset());
      append(resumed, other);
      byte[] whole = concat(kept, other);
      assertArrayEquals(whole, read(resumed.commit(sha256(whole))));
    }
  }

  @Test
  void resumeAtAnOffsetThatIsNotThereIsRejected() {
    UploadState state = suspended(content(1000));
    UploadState wrong = new UploadState(1001, state.detail());
    var mismatch =
        assertThrows(
            StorageException.OffsetMismatch.class, () -> store.resumeUpload(id, SHA256, wrong));
    assertEquals(1000, mismatch.actual());
    try (BlobUpload resumed = store.resumeUpload(id, SHA256, state)) {
      assertArrayEquals(content(1000), read(resumed.commit(sha256(content(1000)))));
    }
  }

  @Test
  void lateBytesOfWhoeverHadTheUploadBeforeGoNowhere() {
    try (BlobUpload late = store.startUpload(id, SHA256)) {
      append(late, content(1000));
      UploadState state = late.suspend();
      append(late, content(10));
      byte[] whole = concat(content(1000), content(500));
      try (BlobUpload taken = openStore().takeOverUpload(id, SHA256, state)) {
        append(taken, content(500));
        late.suspend();
        assertArrayEquals(whole, read(taken.commit(sha256(whole))));
      }
      append(late, content(2000));
      late.suspend();
      assertArrayEquals(whole, read(store.list(null, 1).getFirst()));
    }
  }

  @Test
  void takingOverAnUploadThatNeverWasIsNotFound() {
    assertThrows(
        StorageException.NotFound.class,
        () -> store.takeOverUpload(id, SHA256, new UploadState(10, "")));
    assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
  }

  @Test
  void takingOverAtAnOffsetThatIsNotThereIsRejected() {
    UploadState state = suspended(content(1000));
    UploadState wrong = new UploadState(1001, state.detail());
    assertThrows(
        StorageException.OffsetMismatch.class, () -> store.takeOverUpload(id, SHA256, wrong));
    assertEquals(List.of(id), store.listUploads(Duration.ZERO, 10));
  }

  @Test
  void resumeOfAnUploadThatNeverWasIsNotFound() {
    assertThrows(
        StorageException.NotFound.class,
        () -> store.resumeUpload(id, SHA256, new UploadState(10, "")));
    assertThrows(
        StorageException.NotFound.class, () -> store.resumeUpload(id, SHA256, UploadState.EMPTY));
  }

  @Test
  void resumeAfterTheCommitIsNotFound() {
    byte[] content = content(10);
    UploadState state = suspended(content);
    try (BlobUpload resumed = store.resumeUpload(id, SHA256, state)) {
      resumed.commit(sha256(content));
    }
    assertThrows(StorageException.NotFound.class, () -> store.resumeUpload(id, SHA256, state));
  }

  @ParameterizedTest
  @CsvSource({"10, 0", "12000000, 0", "10, 12000000"})
  void whatACommitHasStoredIsFoundAgain(int size, int more) {
    byte[] content = content(size + more);
    UploadState state = suspended(Arrays.copyOf(content, size));
    assertEquals(Optional.empty(), store.findCommitted(id, sha256(content)));
    StoredBlob stored;
    try (BlobUpload resumed = store.resumeUpload(id, SHA256, state)) {
      append(resumed, Arrays.copyOfRange(content, size, size + more));
      stored = resumed.commit(sha256(content));
    }
    BlobStore other = openStore();
    StoredBlob found = other.findCommitted(id, sha256(content)).orElseThrow();
    assertEquals(stored.key(), found.key());
    assertArrayEquals(content, read(found));
    assertEquals(Optional.empty(), other.findCommitted(id, sha256(content(11))));
    assertEquals(Optional.empty(), other.findCommitted(UUID.randomUUID(), sha256(content)));
    store.delete(found.key());
    assertEquals(Optional.empty(), other.findCommitted(id, sha256(content)));
  }

  @Test
  void suspendedUploadIsDropped() {
    UploadState state = suspended(content(10));
    store.abortUpload(id, state);
    assertThrows(StorageException.NotFound.class, () -> store.resumeUpload(id, SHA256, state));
    assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
  }

  @Test
  void droppingAnUploadThatIsNotThereDoesNothing() {
    store.abortUpload(id, UploadState.EMPTY);
    UploadState state = suspended(content(10));
    store.abortUpload(id, state);
    store.abortUpload(id, state);
  }

  @Test
  void droppingACommittedUploadKeepsTheBlob() {
    byte[] content = content(10);
    UploadState state = suspended(content);
    try (BlobUpload resumed = store.resumeUpload(id, SHA256, state)) {
      StoredBlob blob = resumed.commit(sha256(content));
      store.abortUpload(id, state);
      assertArrayEquals(content, read(blob));
    }
  }

  @Test
  void uploadsLeftBehindAreListedInAnotherStore() {
    suspended(content(10));
    assertEquals(List.of(id), openStore().listUploads(Duration.ZERO, 10));
  }

  @Test
  void uploadsTouchedLatelyAreNotListed() {
    suspended(content(10));
    assertEquals(List.of(), store.listUploads(Duration.ofHours(1), 10));
  }

  @Test
  void committedAndAbortedUploadsAreNotListed() {
    put(content(10));
    try (BlobUpload upload = start()) {
      append(upload, content(10));
      upload.suspend();
      upload.abort();
    }
    assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
  }

  @Test
  void droppingListedUploadsLeadsToTheNextOnes() {
    Set<UUID> left = new HashSet<>();
    for (int i = 0; i < 7; i++) {
      UUID upload = UUID.randomUUID();
      suspended(upload, content(10));
      left.add(upload);
    }
    List<UUID> seen = new ArrayList<>();
    for (int size : new int[] {3, 3, 1, 0}) {
      List<UUID> ids = store.listUploads(Duration.ZERO, 3);
      assertEquals(size, ids.size());
      ids.forEach(upload -> store.abortUpload(upload, UploadState.EMPTY));
      seen.addAll(ids);
    }
    assertEquals(7, seen.size());
    assertEquals(left, Set.copyOf(seen));
  }

  @Test
  void listingNoUploadsAtAllIsRejected() {
    assertThrows(IllegalArgumentException.class, () -> store.listUploads(Duration.ZERO, 0));
  }
}
