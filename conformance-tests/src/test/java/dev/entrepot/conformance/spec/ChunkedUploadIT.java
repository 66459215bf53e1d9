package dev.entrepot.conformance.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.conformance.support.Should;
import io.restassured.response.Response;

@Section("Push > Pushing a blob in chunks")
class ChunkedUploadIT {
  private final Blob blob = Blob.random(3000);

  @Must
  void chunkIs202WithLocationAndRange(Repository repository) {
    chunk(repository, repository.startUpload(), 0, 1000)
        .then()
        .statusCode(202)
        .header("Location", notNullValue())
        .header("Range", equalTo("0-999"));
  }

  @Must
  void rangeOfTheSecondChunkCountsFromTheStart(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    chunk(repository, location, 1000, 2000).then().statusCode(202).header("Range", "0-1999");
  }

  @Must
  void putClosesAnUploadWhoseChunksAreAllThere(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    location = repository.sendChunk(location, blob, 1000, 3000);
    Response closed = repository.request().put(Repository.closing(location, blob.digest()));
    closed.then().statusCode(201);
    assertThat(repository.request().get(repository.location(closed)).asByteArray())
        .isEqualTo(blob.bytes());
  }

  @Must
  void putBringsTheFinalChunk(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 2000);
    Response closed = close(repository, location, 2000, 3000);
    closed.then().statusCode(201);
    assertThat(repository.request().get(repository.location(closed)).asByteArray())
        .isEqualTo(blob.bytes());
  }

  @Must
  void firstChunkNotFromZeroIs416(Repository repository) {
    chunk(repository, repository.startUpload(), 1000, 2000).then().statusCode(416);
  }

  @Must
  void chunkThatLeavesAGapIs416(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    chunk(repository, location, 2000, 3000).then().statusCode(416);
  }

  @Must
  void chunkThatComesAgainIs416(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    chunk(repository, location, 0, 1000).then().statusCode(416);
  }

  @Must
  void finalChunkOutOfOrderIs416(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    close(repository, location, 2000, 3000).then().statusCode(416);
  }

  @Must
  void uploadGoesOnAfterA416(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    chunk(repository, location, 2000, 3000).then().statusCode(416);
    Response status = repository.request().get(location);
    status.then().statusCode(204).header("Range", "0-999");
    location = repository.sendChunk(repository.location(status), blob, 1000, 2000);
    close(repository, location, 2000, 3000).then().statusCode(201);
  }

  @Must
  void statusIs204WithLocationAndRange(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    repository
        .request()
        .get(location)
        .then()
        .statusCode(204)
        .header("Location", notNullValue())
        .header("Range", equalTo("0-999"));
  }

  @Must
  void locationOfTheStatusTakesTheNextChunk(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    location = repository.location(repository.request().get(location));
    chunk(repository, location, 1000, 2000).then().statusCode(202);
  }

  @Must
  void statusOfAnUploadThatIsNotThereIs404(Repository repository) {
    String location = repository.startUpload();
    repository.request().delete(location).then().statusCode(204);
    repository.request().get(location).then().statusCode(404);
  }

  @Should
  void digestOfOtherContentIs400(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    repository.request().put(Repository.closing(location, blob.digest())).then().statusCode(400);
  }

  @Should
  void malformedDigestIs400(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 3000);
    repository.request().put(Repository.closing(location, "sha256:xyz")).then().statusCode(400);
  }

  @Must
  void closingWithoutADigestIs400(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 3000);
    repository.request().put(location).then().statusCode(400);
  }

  @Should
  void sha512UploadIsAnnouncedByItsAlgorithm(Repository repository) {
    Blob sha512 = blob.sha512();
    String location =
        repository.location(
            repository.request().post(repository.uploads() + "?digest-algorithm=sha512"));
    location = repository.sendChunk(location, sha512, 0, 1500);
    location = repository.sendChunk(location, sha512, 1500, 3000);
    repository.request().put(Repository.closing(location, sha512.digest())).then().statusCode(201);
    assertThat(repository.request().get(repository.blob(sha512)).asByteArray())
        .isEqualTo(sha512.bytes());
  }

  @Promise
  void sha512UploadNeedNotBeAnnounced(Repository repository) {
    Blob sha512 = blob.sha512();
    String location = repository.sendChunk(repository.startUpload(), sha512, 0, 1500);
    location = repository.sendChunk(location, sha512, 1500, 3000);
    repository.request().put(Repository.closing(location, sha512.digest())).then().statusCode(201);
    repository.request().head(repository.blob(sha512)).then().statusCode(200);
  }

  @Should
  void unsupportedAlgorithmIs400(Repository repository) {
    repository
        .request()
        .post(repository.uploads() + "?digest-algorithm=md5")
        .then()
        .statusCode(400);
  }

  private Response chunk(Repository repository, String location, int from, int to) {
    return repository
        .request()
        .header("Content-Range", from + "-" + (to - 1))
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.slice(from, to))
        .patch(location);
  }

  private Response close(Repository repository, String location, int from, int to) {
    return repository
        .request()
        .header("Content-Range", from + "-" + (to - 1))
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.slice(from, to))
        .put(Repository.closing(location, blob.digest()));
  }
}
