package dev.entrepot.conformance.spec;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.conformance.support.Should;

@Section("Push > Cancel a blob upload")
class CancellingUploadsIT {
  @Should
  void cancelIs204(Repository repository) {
    repository.request().delete(repository.startUpload()).then().statusCode(204);
  }

  @Should
  void uploadWithBytesIsCancelled(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), Blob.random(10), 0, 10);
    repository.request().delete(location).then().statusCode(204);
  }

  @Should
  void cancelledUploadIsGone(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), Blob.random(10), 0, 10);
    repository.request().delete(location).then().statusCode(204);
    repository.request().get(location).then().statusCode(404);
  }

  @Should
  void cancelledUploadTakesNoChunk(Repository repository) {
    Blob blob = Blob.random(10);
    String location = repository.startUpload();
    repository.request().delete(location).then().statusCode(204);
    repository
        .request()
        .header("Content-Range", "0-9")
        .contentType("application/octet-stream")
        .body(blob.bytes())
        .patch(location)
        .then()
        .statusCode(404);
  }

  @Should
  void cancelledUploadCannotBeClosed(Repository repository) {
    Blob blob = Blob.random(10);
    String location = repository.startUpload();
    repository.request().delete(location).then().statusCode(204);
    repository
        .request()
        .contentType("application/octet-stream")
        .body(blob.bytes())
        .put(Repository.closing(location, blob.digest()))
        .then()
        .statusCode(404);
  }

  @Should
  void uploadThatIsNotThereIs404(Repository repository) {
    String location = repository.startUpload();
    repository.request().delete(location).then().statusCode(204);
    repository.request().delete(location).then().statusCode(404);
  }
}
