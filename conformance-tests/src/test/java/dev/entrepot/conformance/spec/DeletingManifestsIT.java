package dev.entrepot.conformance.spec;

import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.ValidatableResponse;

@Section("Content Management > Deleting Manifests")
class DeletingManifestsIT {
  @Must
  void deleteIs202(Repository repository) {
    Manifest manifest = repository.pushImage("v1").manifest();
    delete(repository, repository.manifest(manifest.digest())).statusCode(202);
  }

  @Must
  void deletedManifestIs404(Repository repository) {
    Manifest manifest = repository.pushImage("v1").manifest();
    delete(repository, repository.manifest(manifest.digest())).statusCode(202);
    get(repository, repository.manifest(manifest.digest())).statusCode(404);
  }

  @Must
  void tagsOfADeletedManifestAre404(Repository repository) {
    Manifest manifest = repository.pushImage("v1", "v2").manifest();
    delete(repository, repository.manifest(manifest.digest())).statusCode(202);
    get(repository, repository.manifest("v1")).statusCode(404);
    get(repository, repository.manifest("v2")).statusCode(404);
  }

  @Must
  void manifestThatIsNotThereIs404(Repository repository) {
    repository.pushImage("v1");
    delete(repository, repository.manifest(Manifest.image().build().digest())).statusCode(404);
  }

  @Must
  void repositoryThatIsNotThereIs404(Repository repository) {
    delete(repository, repository.manifest(Manifest.image().build().digest())).statusCode(404);
  }

  private static ValidatableResponse delete(Repository repository, String path) {
    return repository.request().delete(path).then();
  }

  private static ValidatableResponse get(Repository repository, String path) {
    return repository.request().accept(MediaTypes.OCI_MANIFEST + ", */*").get(path).then();
  }
}
