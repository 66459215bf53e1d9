package dev.entrepot.conformance.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.conformance.support.Should;

@Section("Pull > Pulling manifests")
class PullingManifestsIT {
  @Must
  void manifestByTagIsTheOnePushed(Repository repository) {
    Manifest manifest = repository.pushImage("v1").manifest();
    byte[] pulled = get(repository, "v1").then().statusCode(200).extract().asByteArray();
    assertThat(pulled).isEqualTo(manifest.bytes());
  }

  @Must
  void manifestByDigestIsTheOnePushed(Repository repository) {
    Manifest manifest = repository.pushImage().manifest();
    byte[] pulled =
        get(repository, manifest.digest()).then().statusCode(200).extract().asByteArray();
    assertThat(pulled).isEqualTo(manifest.bytes());
  }

  @Must
  void manifestByTagComesWithItsDigest(Repository repository) {
    Manifest manifest = repository.pushImage("v1").manifest();
    get(repository, "v1").then().header("Docker-Content-Digest", equalTo(manifest.digest()));
  }

  @Must
  void manifestByDigestComesWithItsDigest(Repository repository) {
    Manifest manifest = repository.pushImage().manifest();
    get(repository, manifest.digest())
        .then()
        .header("Docker-Content-Digest", equalTo(manifest.digest()));
  }

  @Must
  void manifestBySha512DigestIsTheOnePushed(Repository repository) {
    Manifest manifest = repository.push(repository.pushImage().manifest().sha512());
    get(repository, manifest.digest())
        .then()
        .statusCode(200)
        .header("Docker-Content-Digest", equalTo(manifest.digest()));
  }

  @Should
  void mediaTypeIsTheOnePushedWithoutParameters(Repository repository) {
    repository.pushImage("v1");
    get(repository, "v1").then().header("Content-Type", equalTo(MediaTypes.OCI_MANIFEST));
  }

  @Should
  void mediaTypeOfAnIndexIsTheOnePushed(Repository repository) {
    Manifest child = repository.pushImage().manifest();
    repository.push(Manifest.index().manifest(child).build(), "v1");
    get(repository, "v1").then().header("Content-Type", equalTo(MediaTypes.OCI_INDEX));
  }

  @Must
  void tagOf128CharactersIsPulled(Repository repository) {
    String tag = "_" + "aZ9.-_x".repeat(18) + "q";
    assertThat(tag).hasSize(128);
    repository.pushImage(tag);
    get(repository, tag).then().statusCode(200);
  }

  @Must
  void tagThatIsNotThereIs404(Repository repository) {
    repository.pushImage("v1");
    get(repository, "v2").then().statusCode(404);
  }

  @Must
  void digestThatIsNotThereIs404(Repository repository) {
    repository.pushImage("v1");
    get(repository, Manifest.image().build().digest()).then().statusCode(404);
  }

  @Must
  void manifestOfAnotherRepositoryIs404(Repository repository, Registry registry) {
    Manifest manifest = registry.newRepository().pushImage().manifest();
    repository.pushImage("v1");
    get(repository, manifest.digest()).then().statusCode(404);
  }

  @Must
  void repositoryThatIsNotThereIs404(Repository repository) {
    get(repository, "v1").then().statusCode(404);
  }

  private static io.restassured.response.Response get(Repository repository, String reference) {
    return repository
        .request()
        .accept(MediaTypes.OCI_MANIFEST + ", " + MediaTypes.OCI_INDEX)
        .get(repository.manifest(reference));
  }
}
