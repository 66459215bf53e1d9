package dev.entrepot.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link BlobStore#restore}, {@link BlobStore#digest} and {@link BlobStore#claim}. */
abstract class RestoreContract extends StoreTests {
  private void restore(StorageKey key, byte[] content) {
    store.restore(key, sha256(content), content.length, new ByteArrayInputStream(content));
  }

  private void assertNothingIsKept() {
    assertEquals(List.of(), store.list(null, 10));
    assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100_000, 20_000_000})
  void bytesComeBackUnderTheirKey(int size) {
    byte[] content = content(size);
    for (StorageKey key :
        List.of(BlobKeys.named(sha256(content)), BlobKeys.unnamed(UUID.randomUUID()))) {
      restore(key, content);
      StoredBlob blob = openStore().stat(key).orElseThrow();
      assertEquals(size, blob.size());
      assertArrayEquals(content, read(blob));
      assertEquals(Optional.of(sha256(content)), openStore().digest(key));
      assertTrue(store.list(null, 10).contains(blob));
    }
  }

  @Test
  void bytesThatAreThereAreNotReadAgain() {
    byte[] content = content(1000);
    StoredBlob blob = put(content);
    InputStream unreadable =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("read");
          }
        };
    store.restore(blob.key(), sha256(content), content.length, unreadable);
    assertArrayEquals(content, read(blob));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1001, 20_000_000})
  void bytesOfAnotherDigestAreNotKept(int size) {
    Digest digest = sha256(content(1000));
    var bytes = new ByteArrayInputStream(content(size));
    for (StorageKey key : List.of(BlobKeys.named(digest), BlobKeys.unnamed(UUID.randomUUID()))) {
      assertThrows(
          StorageException.DigestMismatch.class, () -> store.restore(key, digest, 1000, bytes));
      assertEquals(Optional.empty(), store.stat(key));
      assertNothingIsKept();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100_000, 20_000_000})
  void bytesThatCannotBeReadToTheirEndAreNotKept(int size) {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken");
          }
        };
    var bytes = new SequenceInputStream(new ByteArrayInputStream(content(size)), broken);
    Digest digest = sha256(content(1));
    assertThrows(
        UncheckedIOException.class,
        () -> store.restore(BlobKeys.named(digest), digest, 30_000_000, bytes));
    assertNothingIsKept();
  }

  @Test
  void keyOfOtherBytesIsRejected() {
    Digest digest = sha256(content(1000));
    for (StorageKey key : List.of(BlobKeys.named(sha256(content(1))), new StorageKey("a/b"))) {
      assertThrows(IllegalArgumentException.class, () -> restore(key, content(1000)));
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            store.restore(
                BlobKeys.named(sha512(content(1000))),
                digest,
                1000,
                InputStream.nullInputStream()));
    assertNothingIsKept();
  }

  @Test
  void manyRestoresOfOneKeyAtOnceAreOne() throws Exception {
    byte[] content = content(300_000);
    StorageKey key = BlobKeys.unnamed(UUID.randomUUID());
    atOnce(
        8,
        () -> {
          restore(key, content);
          return true;
        });
    assertArrayEquals(content, read(store.list(null, 10).getFirst()));
    assertEquals(1, store.list(null, 10).size());
  }

  @Test
  void committedBlobTellsItsDigest() {
    for (int size : new int[] {0, 1000, 20_000_000}) {
      byte[] content = content(size);
      assertEquals(Optional.of(sha256(content)), openStore().digest(put(content).key()));
      assertEquals(
          Optional.of(sha512(content)), openStore().digest(put(content, sha512(content)).key()));
    }
  }

  @Test
  void deletedBlobsNoteIsGone() {
    StorageKey key = BlobKeys.unnamed(UUID.randomUUID());
    restore(key, content(10));
    store.delete(key);
    assertEquals(Optional.empty(), store.digest(key));
  }

  @Test
  void storeBelongsToWhoClaimedItFirst() {
    UUID first = UUID.randomUUID();
    assertEquals(first, store.claim(first));
    assertEquals(first, openStore().claim(UUID.randomUUID()));
    assertEquals(List.of(), store.list(null, 10));
  }

  @Test
  void ofManyWhoClaimAnEmptyStoreAtOnceAllSeeTheSameOwner() throws Exception {
    List<UUID> owners = atOnce(8, () -> openStore().claim(UUID.randomUUID()));
    assertEquals(Set.of(store.claim(UUID.randomUUID())), Set.copyOf(owners));
  }

  @Test
  void otherKeysHaveNoDigest() {
    assertEquals(Optional.empty(), store.digest(new StorageKey("a/b")));
    assertEquals(Optional.empty(), store.digest(BlobKeys.unnamed(UUID.randomUUID())));
  }
}
