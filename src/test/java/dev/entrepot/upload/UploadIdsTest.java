package dev.entrepot.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.DigestAlgorithm;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadIdsTest {
  private static final RepositoryName REPOSITORY = new RepositoryName("team/app");

  private final UploadIds ids = new UploadIds(new byte[32]);

  @Test
  void anIdIsReadAsItWasMade() {
    UploadId id = ids.next(REPOSITORY, DigestAlgorithm.SHA512);
    assertEquals(id, ids.parse(ids.format(id), REPOSITORY));
  }

  @Test
  void anIdHoldsItsTime() {
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Instant started = ids.next(REPOSITORY, DigestAlgorithm.SHA256).started();
    assertFalse(started.isBefore(before));
    assertFalse(started.isAfter(Instant.now()));
  }

  @Test
  void anIdIsUnknownInAnotherRepository() {
    String text = ids.format(ids.next(REPOSITORY, DigestAlgorithm.SHA256));
    assertUnknown(text, new RepositoryName("team/other"));
  }

  @Test
  void anIdIsUnknownToAServerWithAnotherKey() {
    byte[] key = new byte[32];
    key[0] = 1;
    UploadIds others = new UploadIds(key);
    assertUnknown(others.format(others.next(REPOSITORY, DigestAlgorithm.SHA256)), REPOSITORY);
  }

  @Test
  void theAlgorithmCannotBeChanged() {
    String text = ids.format(ids.next(REPOSITORY, DigestAlgorithm.SHA256));
    assertUnknown(text.replace("sha256", "sha512"), REPOSITORY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        "a.b.c",
        "00000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-000000000000.sha256.",
        "00000000-0000-0000-0000-000000000000.md5.AAAAAAAAAAAAAAAAAAAAAA",
        "0-0-0-0-0.sha256.AAAAAAAAAAAAAAAAAAAAAA"
      })
  void whatWasNotMadeHereIsUnknown(String text) {
    assertUnknown(text, REPOSITORY);
  }

  private void assertUnknown(String text, RepositoryName repository) {
    RegistryException refused =
        assertThrows(RegistryException.class, () -> ids.parse(text, repository));
    assertEquals(ErrorCode.BLOB_UPLOAD_UNKNOWN, refused.code());
  }
}
