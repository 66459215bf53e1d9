package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.time.Duration;

/** Bodies that are cut off, and two writers of one upload. */
@Section("Promise > Uploads > Interrupted")
class InterruptedUploadsIT {
  /** Much more than is on its way when it has been sent through a small buffer. */
  private static final int SENT = 4_000_000;

  private final Blob large = Blob.random(5_000_000);

  /** What is sent behind another request has to find room on the way. */
  private final Blob blob = Blob.random(10_000);

  @Promise
  void uploadGoesOnWhereItWasCutOff(Repository repository) {
    String location = repository.startUpload();
    cutOff(repository, "PATCH", location);
    int offset = awaitOffset(repository, location);
    assertThat(offset).isBetween(1, SENT);
    finish(repository, location, offset);
  }

  @Promise
  void chunkedUploadGoesOnWhereItWasCutOff(Repository repository) {
    String location = repository.startUpload();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", location, "Transfer-Encoding: chunked", "Expect: 100-continue");
      assertThat(connection.read().status()).isEqualTo(100);
      connection.withSmallSendBuffer().sendChunk(large.slice(0, SENT));
      connection.reset();
    }
    finish(repository, location, awaitOffset(repository, location));
  }

  @Promise
  void closingPutThatWasCutOffCanBeSentAgainWhole(Repository repository) {
    String location = repository.startUpload();
    cutOff(repository, "PUT", Repository.closing(location, large.digest()));
    repository.request().head(repository.blob(large)).then().statusCode(404);
    await()
        .untilAsserted(
            () ->
                repository
                    .request()
                    .body(large.bytes())
                    .put(Repository.closing(location, large.digest()))
                    .then()
                    .statusCode(201));
    assertThat(repository.request().get(repository.blob(large)).asByteArray())
        .isEqualTo(large.bytes());
  }

  @Promise
  void clientThatHalfClosesInMidBodyLeavesAnUploadToGoOnWith(Repository repository) {
    String location = repository.startUpload();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead(
          "PATCH", location, "Content-Length: " + large.size(), "Expect: 100-continue");
      assertThat(connection.read().status()).isEqualTo(100);
      connection.send(large.slice(0, 100_000));
      connection.endOutput();
      assertThat(connection.isClosedWithin(Duration.ofMinutes(1))).isTrue();
    }
    finish(repository, location, awaitOffset(repository, location));
  }

  @Promise
  void singlePostThatWasCutOffLeavesNothingVisible(Repository repository) {
    repository.push(Blob.random(1));
    cutOff(repository, "POST", repository.uploads() + "?digest=" + large.digest());
    repository.request().head(repository.blob(large)).then().statusCode(404);
    repository.push(large);
  }

  @Promise
  void secondWriterIsToldTheTrueRange(Repository repository) {
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    try (RawConnection first = repository.registry().connect()) {
      // The 100 says that the first writer has the upload.
      first.sendHead("PATCH", location, "Expect: 100-continue", "Content-Length: 9000");
      assertThat(first.read().status()).isEqualTo(100);
      first.send(blob.slice(1000, 5000));
      Response second = patch(repository, location, 1000, 1010);
      second.then().statusCode(416);
      assertThat(second.header("Range")).matches("0-\\d+");
      first.send(blob.slice(5000, 10_000));
      assertThat(first.read().status()).isEqualTo(202);
    }
    repository.request().put(Repository.closing(location, blob.digest())).then().statusCode(201);
  }

  @Promise
  void closingPutSentAgainWhileTheFirstIsAtWorkIsAnsweredLikeIt(Repository repository) {
    String closing = Repository.closing(repository.startUpload(), blob.digest());
    try (RawConnection first = startClosing(repository, closing);
        RawConnection second = repository.registry().connect()) {
      sendClosing(second, closing);
      first.send(blob.bytes());
      assertThat(first.read().status()).isEqualTo(201);
      assertThat(second.read().status()).isEqualTo(201);
    }
  }

  @Promise
  void closingPutSentAgainTakesOverWhenTheFirstIsCutOff(Repository repository) {
    String closing = Repository.closing(repository.startUpload(), blob.digest());
    try (RawConnection first = startClosing(repository, closing);
        RawConnection second = repository.registry().connect()) {
      sendClosing(second, closing);
      first.reset();
      assertThat(second.read().status()).isEqualTo(201);
    }
    assertThat(repository.request().get(repository.blob(blob)).asByteArray())
        .isEqualTo(blob.bytes());
  }

  @Promise
  void closingPutOfAnotherDigestIsRefusedAfterTheFirst(Repository repository) {
    String location = repository.startUpload();
    try (RawConnection first =
            startClosing(repository, Repository.closing(location, blob.digest()));
        RawConnection second = repository.registry().connect()) {
      sendClosing(second, Repository.closing(location, Blob.random(1).digest()));
      first.send(blob.bytes());
      assertThat(first.read().status()).isEqualTo(201);
      assertThat(second.read().status()).isEqualTo(404);
    }
  }

  /** A closing PUT that has the upload for itself, and waits for its body. */
  private RawConnection startClosing(Repository repository, String closing) {
    RawConnection connection = repository.registry().connect();
    connection.sendHead("PUT", closing, "Content-Length: " + blob.size(), "Expect: 100-continue");
    assertThat(connection.read().status()).isEqualTo(100);
    return connection;
  }

  /** A whole closing PUT. The answer to the request before it says that it is being looked at. */
  private void sendClosing(RawConnection connection, String closing) {
    connection.sendHead("GET", "/v2/");
    connection.sendHead("PUT", closing, "Content-Length: " + blob.size());
    connection.send(blob.bytes());
    assertThat(connection.read().status()).isEqualTo(200);
  }

  @Promise
  void statusIsAnsweredWhileAWriterWrites(Repository repository) {
    String location = repository.startUpload();
    try (RawConnection writer = repository.registry().connect()) {
      writer.sendHead("PATCH", location, "Content-Length: 10000");
      writer.send(blob.slice(0, 1000));
      repository.request().get(location).then().statusCode(204);
    }
  }

  private Response patch(Repository repository, String location, int from, int to) {
    return repository
        .request()
        .header("Content-Range", from + "-" + (to - 1))
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.slice(from, to))
        .patch(location);
  }

  /**
   * Sends {@link #SENT} bytes of the body and ends the connection by a reset, which discards what
   * the registry has not read yet.
   */
  private void cutOff(Repository repository, String method, String target) {
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead(
          method, target, "Content-Length: " + large.size(), "Expect: 100-continue");
      assertThat(connection.read().status()).isEqualTo(100);
      connection.withSmallSendBuffer().send(large.slice(0, SENT));
      connection.reset();
    }
  }

  /** The offset to go on from, once the registry has seen that the client is gone. */
  private static int awaitOffset(Repository repository, String location) {
    String range =
        await()
            .until(
                () ->
                    repository
                        .request()
                        .get(location)
                        .then()
                        .statusCode(204)
                        .extract()
                        .header("Range"),
                header -> !"0-0".equals(header));
    return Integer.parseInt(range.substring(2)) + 1;
  }

  private void finish(Repository repository, String location, int offset) {
    Response closed =
        await()
            .until(
                () ->
                    repository
                        .request()
                        .header("Content-Range", offset + "-" + (large.size() - 1))
                        .contentType(MediaTypes.OCTET_STREAM)
                        .body(large.slice(offset, large.size()))
                        .put(Repository.closing(location, large.digest())),
                answer -> answer.statusCode() != 416);
    closed.then().statusCode(201);
    assertThat(repository.request().get(repository.blob(large)).asByteArray())
        .isEqualTo(large.bytes());
  }
}
