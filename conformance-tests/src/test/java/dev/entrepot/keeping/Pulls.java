package dev.entrepot.keeping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Repository;

/** What pulls, byte for byte. */
final class Pulls {
  private Pulls() {}

  static byte[] manifest(Repository repository, String reference) {
    return repository
        .request()
        .get(repository.manifest(reference))
        .then()
        .statusCode(200)
        .extract()
        .asByteArray();
  }

  static void assertPulls(Repository repository, Blob blob) {
    assertThat(repository.request().get(repository.blob(blob)).asByteArray())
        .isEqualTo(blob.bytes());
  }
}
