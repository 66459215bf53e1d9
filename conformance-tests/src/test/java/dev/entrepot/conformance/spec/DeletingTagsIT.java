package dev.entrepot.conformance.spec;

import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.ValidatableResponse;

@Section("Content Management > Deleting tags")
class DeletingTagsIT {
  @Must
  void deleteIs202(Repository repository) {
    repository.pushImage("v1");
    delete(repository, repository.manifest("v1")).statusCode(202);
  }

  @Must
  void deletedTagIs404(Repository repository) {
    repository.pushImage("v1");
    delete(repository, repository.manifest("v1")).statusCode(202);
    get(repository, repository.manifest("v1")).statusCode(404);
  }

  @Must
  void deletedTagIsNotListed(Repository repository) {
    repository.pushImage("v1", "v2");
    delete(repository, repository.manifest("v1")).statusCode(202);
    get(repository, repository.tags()).body("tags", not(hasItem("v1")));
  }

  @Must
  void manifestOfADeletedTagStays(Repository repository) {
    Manifest manifest = repository.pushImage("v1").manifest();
    delete(repository, repository.manifest("v1")).statusCode(202);
    get(repository, repository.manifest(manifest.digest())).statusCode(200);
  }

  @Must
  void otherTagsOfTheManifestStay(Repository repository) {
    repository.pushImage("v1", "v2");
    delete(repository, repository.manifest("v1")).statusCode(202);
    get(repository, repository.manifest("v2")).statusCode(200);
  }

  @Must
  void tagThatIsNotThereIs404(Repository repository) {
    repository.pushImage("v1");
    delete(repository, repository.manifest("v2")).statusCode(404);
  }

  private static ValidatableResponse delete(Repository repository, String path) {
    return repository.request().delete(path).then();
  }

  private static ValidatableResponse get(Repository repository, String path) {
    return repository.request().accept(MediaTypes.OCI_MANIFEST + ", */*").get(path).then();
  }
}
