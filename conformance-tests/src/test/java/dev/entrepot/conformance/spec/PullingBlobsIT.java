package dev.entrepot.conformance.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.conformance.support.Should;

@Section("Pull > Pulling blobs")
class PullingBlobsIT {
  @Must
  void blobIsTheOnePushed(Repository repository) {
    Blob blob = repository.push(Blob.random(10_000));
    assertThat(pull(repository, blob)).isEqualTo(blob.bytes());
  }

  @Must
  void largeBlobIsTheOnePushed(Repository repository) {
    Blob blob = repository.push(Blob.random(5 << 20));
    assertThat(pull(repository, blob)).isEqualTo(blob.bytes());
  }

  @Must
  void emptyBlobIsPulled(Repository repository) {
    Blob blob = repository.push(Blob.of(""));
    assertThat(pull(repository, blob)).isEmpty();
  }

  @Must
  void blobComesWithItsDigest(Repository repository) {
    Blob blob = repository.push(Blob.random(100));
    repository
        .request()
        .get(repository.blob(blob))
        .then()
        .header("Docker-Content-Digest", equalTo(blob.digest()));
  }

  @Must
  void sha512BlobIsTheOnePushed(Repository repository) {
    Blob blob = repository.push(Blob.random(10_000).sha512());
    assertThat(pull(repository, blob)).isEqualTo(blob.bytes());
  }

  @Must
  void sha512BlobComesWithItsDigest(Repository repository) {
    Blob blob = repository.push(Blob.random(100).sha512());
    repository
        .request()
        .get(repository.blob(blob))
        .then()
        .header("Docker-Content-Digest", equalTo(blob.digest()));
  }

  @Must
  void blobThatIsNotThereIs404(Repository repository) {
    repository.push(Blob.random(10));
    repository.request().get(repository.blob(Blob.random(10))).then().statusCode(404);
  }

  @Must
  void blobOfARepositoryThatIsNotThereIs404(Repository repository) {
    repository.request().get(repository.blob(Blob.random(10))).then().statusCode(404);
  }

  @Should
  void rangeGivesPartOfTheBlob(Repository repository) {
    Blob blob = repository.push(Blob.random(1000));
    byte[] part =
        repository
            .request()
            .header("Range", "bytes=100-199")
            .get(repository.blob(blob))
            .then()
            .statusCode(206)
            .header("Content-Range", equalTo("bytes 100-199/1000"))
            .extract()
            .asByteArray();
    assertThat(part).isEqualTo(blob.slice(100, 200));
  }

  private static byte[] pull(Repository repository, Blob blob) {
    return repository
        .request()
        .get(repository.blob(blob))
        .then()
        .statusCode(200)
        .extract()
        .asByteArray();
  }
}
