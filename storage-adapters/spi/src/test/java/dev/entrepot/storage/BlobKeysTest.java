package dev.entrepot.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobKeysTest {
  private static final UUID ID = UUID.fromString("0198c2f0-0000-7000-8000-0000000000ab");

  @ParameterizedTest
  @EnumSource
  void namedKeyTellsItsDigest(DigestAlgorithm algorithm) {
    Digest digest = Digest.ofContent(algorithm, new byte[] {1});
    StorageKey key = BlobKeys.named(digest);
    assertTrue(BlobKeys.isBlobKey(key.value()));
    assertEquals(Optional.of(digest), BlobKeys.digest(key));
    assertEquals(Optional.empty(), BlobKeys.upload(key));
  }

  @Test
  void unnamedKeyTellsItsUploadAndIsSpreadByItsEnd() {
    StorageKey key = BlobKeys.unnamed(ID);
    assertTrue(key.value().startsWith("blobs/u/ab/" + ID + "."), key::value);
    assertTrue(BlobKeys.isBlobKey(key.value()));
    assertEquals(Optional.of(ID), BlobKeys.upload(key));
    assertEquals(Optional.empty(), BlobKeys.digest(key));
  }

  @Test
  void noKeyIsMadeTwice() {
    assertNotEquals(BlobKeys.unnamed(ID), BlobKeys.unnamed(ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blobs/sha256/ab/cd.00",
        "blobs/sha1/ab/ab.00",
        "blobs/u/aa/0198c2f0-0000-7000-8000-0000000000ab.00",
        "blobs/u/ab/0198c2f0-0000-7000-8000-0000000000ab",
        "uploads/0198c2f0-0000-7000-8000-0000000000ab/tail.00"
      })
  void otherKeysAreNoBlobs(String other) {
    assertFalse(BlobKeys.isBlobKey(other));
    Digest digest = Digest.ofContent(DigestAlgorithm.SHA256, new byte[0]);
    assertThrows(
        IllegalArgumentException.class, () -> BlobKeys.require(new StorageKey(other), digest));
  }

  @Test
  void keyOfAnotherDigestIsRefused() {
    Digest digest = Digest.ofContent(DigestAlgorithm.SHA256, new byte[0]);
    Digest other = Digest.ofContent(DigestAlgorithm.SHA256, new byte[1]);
    BlobKeys.require(BlobKeys.named(digest), digest);
    BlobKeys.require(BlobKeys.unnamed(ID), digest);
    assertThrows(
        IllegalArgumentException.class, () -> BlobKeys.require(BlobKeys.named(other), digest));
  }
}
