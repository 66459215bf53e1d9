package dev.entrepot.conformance.spec;

import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.ValidatableResponse;

@Section("Pull > Checking if content exists in the registry")
class CheckingContentIT {
  @Must
  void headOfABlobIs200(Repository repository) {
    Blob blob = repository.push(Blob.random(321));
    head(repository, repository.blob(blob)).statusCode(200);
  }

  @Must
  void headOfABlobTellsItsDigest(Repository repository) {
    Blob blob = repository.push(Blob.random(321));
    head(repository, repository.blob(blob)).header("Docker-Content-Digest", equalTo(blob.digest()));
  }

  @Must
  void headOfABlobTellsItsSize(Repository repository) {
    Blob blob = repository.push(Blob.random(321));
    head(repository, repository.blob(blob)).header("Content-Length", equalTo("321"));
  }

  @Must
  void headOfALargeBlobTellsItsSize(Repository repository) {
    Blob blob = repository.push(Blob.random(1 << 20));
    head(repository, repository.blob(blob)).header("Content-Length", equalTo("1048576"));
  }

  @Must
  void headOfAnEmptyBlobTellsItsSize(Repository repository) {
    Blob blob = repository.push(Blob.of(""));
    head(repository, repository.blob(blob)).statusCode(200).header("Content-Length", equalTo("0"));
  }

  @Must
  void headOfAManifestByTagIs200(Repository repository) {
    repository.pushImage("v1");
    head(repository, repository.manifest("v1")).statusCode(200);
  }

  @Must
  void headOfAManifestByDigestIs200(Repository repository) {
    Manifest manifest = repository.pushImage().manifest();
    head(repository, repository.manifest(manifest.digest())).statusCode(200);
  }

  @Must
  void headOfAManifestTellsItsDigest(Repository repository) {
    Manifest manifest = repository.pushImage("v1").manifest();
    head(repository, repository.manifest("v1"))
        .header("Docker-Content-Digest", equalTo(manifest.digest()));
  }

  @Must
  void headOfAManifestTellsItsSize(Repository repository) {
    Manifest manifest = repository.pushImage("v1").manifest();
    head(repository, repository.manifest("v1"))
        .header("Content-Length", equalTo(String.valueOf(manifest.content().size())));
  }

  @Must
  void headOfAManifestTellsItsMediaType(Repository repository) {
    Manifest manifest = repository.pushImage("v1").manifest();
    head(repository, repository.manifest("v1"))
        .header("Content-Type", equalTo(manifest.mediaType()));
  }

  @Must
  void headOfABlobThatIsNotThereIs404(Repository repository) {
    repository.push(Blob.random(10));
    head(repository, repository.blob(Blob.random(10))).statusCode(404);
  }

  @Must
  void headOfATagThatIsNotThereIs404(Repository repository) {
    repository.pushImage("v1");
    head(repository, repository.manifest("v2")).statusCode(404);
  }

  @Must
  void headOfAManifestThatIsNotThereIs404(Repository repository) {
    repository.pushImage("v1");
    head(repository, repository.manifest(Manifest.image().build().digest())).statusCode(404);
  }

  private static ValidatableResponse head(Repository repository, String path) {
    return repository
        .request()
        .accept("application/vnd.oci.image.manifest.v1+json, */*")
        .head(path)
        .then();
  }
}
