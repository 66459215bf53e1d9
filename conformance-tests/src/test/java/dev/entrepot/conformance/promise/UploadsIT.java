package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Concurrently;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.util.List;

@Section("Promise > Uploads")
class UploadsIT {
  private final Blob blob = Blob.random(3000);

  @Promise
  void streamedPatchNeedsNoContentRange(Repository repository) {
    Response patched = patch(repository, repository.startUpload(), 0, 3000);
    patched.then().statusCode(202).header("Range", equalTo("0-2999"));
    close(repository, repository.location(patched)).then().statusCode(201);
  }

  @Promise
  void secondPatchWithoutContentRangeAppends(Repository repository) {
    Response first = patch(repository, repository.startUpload(), 0, 1000);
    Response second = patch(repository, repository.location(first), 1000, 3000);
    second.then().statusCode(202).header("Range", equalTo("0-2999"));
    close(repository, repository.location(second)).then().statusCode(201);
  }

  @Promise
  void putWithoutContentRangeBringsTheLastBytes(Repository repository) {
    Response patched = patch(repository, repository.startUpload(), 0, 2000);
    repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.slice(2000, 3000))
        .put(Repository.closing(repository.location(patched), blob.digest()))
        .then()
        .statusCode(201);
  }

  @Promise
  void emptyPatchBeforeThePutChangesNothing(Repository repository) {
    Response empty = repository.request().patch(repository.startUpload());
    empty.then().statusCode(202);
    repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.bytes())
        .put(Repository.closing(repository.location(empty), blob.digest()))
        .then()
        .statusCode(201);
  }

  @Promise
  void emptyPatchAfterBytesTellsTheirRange(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    repository.request().patch(location).then().statusCode(202).header("Range", "0-999");
  }

  @Promise
  void chunkOutOfOrderIsToldTheRealRange(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    repository
        .request()
        .header("Content-Range", "2000-2999")
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.slice(2000, 3000))
        .patch(location)
        .then()
        .spec(error(416, "RANGE_INVALID"))
        .header("Range", equalTo("0-999"));
  }

  @Promise
  void finalChunkOutOfOrderIsToldTheRealRange(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    repository
        .request()
        .header("Content-Range", "2000-2999")
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.slice(2000, 3000))
        .put(Repository.closing(location, blob.digest()))
        .then()
        .statusCode(416)
        .header("Range", equalTo("0-999"));
  }

  @Promise
  void manyChunksMakeTheBlob(Repository repository) {
    String location = repository.startUpload();
    for (int from = 0; from < 3000; from += 100) {
      location = repository.sendChunk(location, blob, from, from + 100);
    }
    close(repository, location).then().statusCode(201);
    assertThat(repository.request().get(repository.blob(blob)).asByteArray())
        .isEqualTo(blob.bytes());
  }

  @Promise
  void largeChunksMakeTheBlob(Repository repository) {
    Blob large = Blob.random(10 << 20);
    String location = repository.sendChunk(repository.startUpload(), large, 0, 5 << 20);
    location = repository.sendChunk(location, large, 5 << 20, 10 << 20);
    repository.request().put(Repository.closing(location, large.digest())).then().statusCode(201);
    assertThat(repository.request().get(repository.blob(large)).asByteArray())
        .isEqualTo(large.bytes());
  }

  @Promise
  void closingPutIsRepeatable(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 3000);
    close(repository, location).then().statusCode(201);
    close(repository, location)
        .then()
        .statusCode(201)
        .header("Location", equalTo(repository.blob(blob)));
  }

  @Promise
  void closingPutWithABodyIsRepeatable(Repository repository) {
    String closing = Repository.closing(repository.startUpload(), blob.digest());
    for (int i = 0; i < 2; i++) {
      repository
          .request()
          .contentType(MediaTypes.OCTET_STREAM)
          .body(blob.bytes())
          .put(closing)
          .then()
          .statusCode(201);
    }
  }

  @Promise
  void completedUploadHasNoStatus(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 3000);
    close(repository, location).then().statusCode(201);
    repository.request().get(location).then().spec(error(404, "BLOB_UPLOAD_UNKNOWN"));
  }

  @Promise
  void completedUploadTakesNoChunk(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 3000);
    close(repository, location).then().statusCode(201);
    patch(repository, location, 0, 1000).then().statusCode(404);
  }

  @Promise
  void closingDigestMayBeOfAnotherAlgorithmThanAnnounced(Repository repository) {
    String location =
        repository.location(
            repository.request().post(repository.uploads() + "?digest-algorithm=sha512"));
    location = repository.sendChunk(location, blob, 0, 3000);
    close(repository, location).then().statusCode(201);
    repository.request().head(repository.blob(blob)).then().statusCode(200);
  }

  @Promise
  void blobIsNotVisibleBeforeItsUploadIsClosed(Repository repository) {
    repository.sendChunk(repository.startUpload(), blob, 0, 3000);
    repository.request().head(repository.blob(blob)).then().statusCode(404);
  }

  @Promise
  void uploadBelongsToItsRepository(Repository repository, Repository other) {
    other.push(Blob.random(1));
    String elsewhere = repository.startUpload().replace(repository.name(), other.name());
    other.request().get(elsewhere).then().statusCode(404);
    patch(other, elsewhere, 0, 1000).then().spec(error(404, "BLOB_UPLOAD_UNKNOWN"));
  }

  @Promise
  void inventedUploadIs404(Repository repository) {
    String path = repository.uploads() + "018f0000-0000-7000-8000-000000000000";
    repository.request().get(path).then().spec(error(404, "BLOB_UPLOAD_UNKNOWN"));
    patch(repository, path, 0, 1000).then().statusCode(404);
    repository.request().delete(path).then().statusCode(404);
  }

  @Promise
  void clientsThatPushTheSameBlobAtOnceAllSucceed(Repository repository) {
    Blob large = Blob.random(2_000_000);
    List<Integer> statuses =
        Concurrently.run(
            8,
            client ->
                () ->
                    repository
                        .request()
                        .contentType(MediaTypes.OCTET_STREAM)
                        .body(large.bytes())
                        .put(Repository.closing(repository.startUpload(), large.digest()))
                        .statusCode());
    assertThat(statuses).containsOnly(201);
    assertThat(repository.request().get(repository.blob(large)).asByteArray())
        .isEqualTo(large.bytes());
  }

  @Promise
  void clientsOfSeveralRepositoriesThatPushTheSameBlobAtOnceAllSucceed(
      Repository one, Repository two) {
    List<Integer> statuses =
        Concurrently.run(
            6,
            client -> {
              Repository repository = client % 2 == 0 ? one : two;
              return () ->
                  repository
                      .request()
                      .contentType(MediaTypes.OCTET_STREAM)
                      .body(blob.bytes())
                      .post(repository.uploads() + "?digest=" + blob.digest())
                      .statusCode();
            });
    assertThat(statuses).containsOnly(201);
    one.request().head(one.blob(blob)).then().statusCode(200);
    two.request().head(two.blob(blob)).then().statusCode(200);
  }

  private Response patch(Repository repository, String location, int from, int to) {
    return repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.slice(from, to))
        .patch(location);
  }

  private Response close(Repository repository, String location) {
    return repository.request().put(Repository.closing(location, blob.digest()));
  }
}
