package dev.entrepot.conformance.spec;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.ValidatableResponse;

@Section("Content Management > Deleting Blobs")
class DeletingBlobsIT {
  @Must
  void deleteIs202(Repository repository) {
    Blob blob = repository.push(Blob.random(100));
    delete(repository, repository.blob(blob)).statusCode(202);
  }

  @Must
  void deletedBlobIs404(Repository repository) {
    Blob blob = repository.push(Blob.random(100));
    delete(repository, repository.blob(blob)).statusCode(202);
    get(repository, repository.blob(blob)).statusCode(404);
    repository.request().head(repository.blob(blob)).then().statusCode(404);
  }

  @Must
  void blobOfADeletedManifestIsDeleted(Repository repository) {
    Image image = repository.pushImage();
    delete(repository, repository.manifest(image.manifest().digest())).statusCode(202);
    delete(repository, repository.blob(image.layer())).statusCode(202);
  }

  @Must
  void blobThatIsNotThereIs404(Repository repository) {
    repository.push(Blob.random(100));
    delete(repository, repository.blob(Blob.random(100))).statusCode(404);
  }

  @Must
  void blobOfARepositoryThatIsNotThereIs404(Repository repository) {
    delete(repository, repository.blob(Blob.random(100))).statusCode(404);
  }

  private static ValidatableResponse delete(Repository repository, String path) {
    return repository.request().delete(path).then();
  }

  private static ValidatableResponse get(Repository repository, String path) {
    return repository.request().accept(MediaTypes.OCI_MANIFEST + ", */*").get(path).then();
  }
}
