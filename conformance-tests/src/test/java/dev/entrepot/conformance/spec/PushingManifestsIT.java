package dev.entrepot.conformance.spec;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.conformance.support.Should;
import io.restassured.response.Response;

@Section("Push > Pushing Manifests")
class PushingManifestsIT {
  @Must
  void pushByTagIs201(Repository repository) {
    repository.put(image(repository), "v1").then().statusCode(201);
  }

  @Must
  void pushByDigestIs201(Repository repository) {
    Manifest manifest = image(repository);
    repository.put(manifest, manifest.digest()).then().statusCode(201);
  }

  @Must
  void pushBySha512DigestIs201(Repository repository) {
    Manifest manifest = image(repository).sha512();
    repository.put(manifest, manifest.digest()).then().statusCode(201);
  }

  @Must
  void locationOfAPushByTagCanBePulled(Repository repository) {
    Manifest manifest = image(repository);
    Response pushed = repository.put(manifest, "v1");
    assertThat(pull(repository, pushed)).isEqualTo(manifest.bytes());
  }

  @Must
  void locationOfAPushByDigestCanBePulled(Repository repository) {
    Manifest manifest = image(repository);
    Response pushed = repository.put(manifest, manifest.digest());
    assertThat(pull(repository, pushed)).isEqualTo(manifest.bytes());
  }

  @Must
  void digestOfAPushByDigestIsTheClients(Repository repository) {
    Manifest manifest = image(repository);
    repository
        .put(manifest, manifest.digest())
        .then()
        .header("Docker-Content-Digest", equalTo(manifest.digest()));
  }

  @Must
  void digestOfAPushBySha512DigestIsTheClients(Repository repository) {
    Manifest manifest = image(repository).sha512();
    repository
        .put(manifest, manifest.digest())
        .then()
        .header("Docker-Content-Digest", equalTo(manifest.digest()));
  }

  @Must
  void bytesAreStoredAsTheyCame(Repository repository) {
    Manifest image = image(repository);
    Blob odd = Blob.of("\n\t " + image.text().replace("{", "{ \r\n\t") + " \n\n");
    repository.push(new Manifest(odd, image.mediaType()), "odd");
    byte[] pulled =
        repository
            .request()
            .accept(MediaTypes.OCI_MANIFEST)
            .get(repository.manifest("odd"))
            .asByteArray();
    assertThat(pulled).isEqualTo(odd.bytes());
  }

  @Must
  void manifestWithoutLayersIsTaken(Repository repository) {
    Blob config = repository.push(Blob.of("{}"));
    Manifest manifest = Manifest.image().config(config, MediaTypes.OCI_CONFIG).noLayers().build();
    repository.put(manifest, "v1").then().statusCode(201);
  }

  @Must
  void indexWithoutManifestsIsTaken(Repository repository) {
    repository.put(Manifest.index().build(), "v1").then().statusCode(201);
  }

  @Must
  void indexOfPushedManifestsIsTaken(Repository repository) {
    Manifest index = Manifest.index().manifest(repository.pushImage().manifest()).build();
    repository.put(index, "v1").then().statusCode(201);
  }

  @Must
  void digestOfOtherContentIs400(Repository repository) {
    Manifest manifest = image(repository);
    repository.put(manifest, Manifest.image().build().digest()).then().statusCode(400);
  }

  @Must
  void missingBlobIsNamedAsUnknown(Repository repository) {
    Image image = Image.random();
    repository.push(image.config());
    repository.put(image.manifest(), "v1").then().spec(error("MANIFEST_BLOB_UNKNOWN"));
  }

  @Must
  void missingChildManifestIsNamedAsUnknown(Repository repository) {
    Manifest index = Manifest.index().manifest(Image.random().manifest()).build();
    repository.put(index, "v1").then().spec(error("MANIFEST_BLOB_UNKNOWN"));
  }

  @Should
  void parametersOfContentTypeAreIgnored(Repository repository) {
    repository
        .request()
        .header("Content-Type", MediaTypes.OCI_MANIFEST + "; charset=utf-8")
        .body(image(repository).bytes())
        .put(repository.manifest("v1"))
        .then()
        .statusCode(201);
    repository
        .request()
        .accept(MediaTypes.OCI_MANIFEST)
        .head(repository.manifest("v1"))
        .then()
        .header("Content-Type", equalTo(MediaTypes.OCI_MANIFEST));
  }

  @Should
  void manifestOfFourMegabytesIsTaken(Repository repository) {
    Manifest manifest = padded(repository, 4_000_000);
    repository.put(manifest, "v1").then().statusCode(201);
    assertThat(
            repository
                .request()
                .accept(MediaTypes.OCI_MANIFEST)
                .get(repository.manifest("v1"))
                .asByteArray())
        .isEqualTo(manifest.bytes());
  }

  @Should
  void manifestThatIsTooLargeIs413(Repository repository) {
    repository.put(padded(repository, 5 << 20), "v1").then().statusCode(413);
  }

  @Must
  void pullOfARepositoryThatIsNotThereIs404(Repository repository) {
    repository.request().get(repository.manifest("v1")).then().statusCode(404);
  }

  private static byte[] pull(Repository repository, Response pushed) {
    return repository
        .request()
        .accept(MediaTypes.OCI_MANIFEST)
        .get(repository.location(pushed))
        .asByteArray();
  }

  private static Manifest image(Repository repository) {
    Image image = Image.random();
    repository.push(image.config());
    image.layers().forEach(repository::push);
    return image.manifest();
  }

  private static Manifest padded(Repository repository, int size) {
    Blob config = repository.push(Blob.of("{}"));
    return Manifest.image()
        .config(config, MediaTypes.OCI_CONFIG)
        .noLayers()
        .annotation("padding", "x".repeat(size))
        .build();
  }
}
