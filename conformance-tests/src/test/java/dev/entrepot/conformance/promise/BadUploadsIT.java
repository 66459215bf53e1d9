package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads whose headers lie. */
@Section("Promise > Bad input > Uploads")
class BadUploadsIT {
  private final Blob blob = Blob.random(1000);

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"0-1999", "0-998", "0-0"})
  void contentRangeThatContradictsTheLengthIsRefused(String range, Repository repository) {
    String location = repository.startUpload();
    patch(repository, location, range).then().spec(error(400, "SIZE_INVALID"));
    repository.request().get(location).then().statusCode(204).header("Range", equalTo("0-0"));
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(
      strings = {
        "abc",
        "-",
        "0-",
        "-5",
        "10-5",
        "0 - 999",
        "a0-999",
        "bytes 0-999/",
        "0-9-9",
        "0-99999999999999999999",
        "99999999999999999999-99999999999999999999"
      })
  void malformedContentRangeIsRefused(String range, Repository repository) {
    String location = repository.startUpload();
    int status = patch(repository, location, range).statusCode();
    assertThat(status).isIn(400, 416);
    repository.request().get(location).then().statusCode(204).header("Range", equalTo("0-0"));
  }

  @Promise
  void chunkedBodyShorterThanItsContentRangeIsNoSuccess(Repository repository) {
    String location = repository.startUpload();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", location, "Transfer-Encoding: chunked", "Content-Range: 0-1999");
      assertThat(connection.sendChunk(blob.bytes()).sendLastChunk().read().status()).isEqualTo(400);
    }
  }

  @Promise
  void chunkedBodyLongerThanItsContentRangeIsNoSuccess(Repository repository) {
    String location = repository.startUpload();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", location, "Transfer-Encoding: chunked", "Content-Range: 0-499");
      assertThat(connection.sendChunk(blob.bytes()).sendLastChunk().read().status()).isEqualTo(400);
    }
  }

  @Promise
  void digestMismatchLeavesNothingVisible(Repository repository) {
    Blob other = Blob.random(1000);
    repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.bytes())
        .put(Repository.closing(repository.startUpload(), other.digest()))
        .then()
        .spec(error(400, "DIGEST_INVALID"));
    repository.request().head(repository.blob(other)).then().statusCode(404);
    repository.request().head(repository.blob(blob)).then().statusCode(404);
  }

  @Promise
  void bodyLongerThanItsLengthIsCutThere(Repository repository) {
    Blob declared = Blob.of(blob.slice(0, 600));
    String closing = Repository.closing(repository.startUpload(), declared.digest());
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PUT", closing, "Content-Length: 600", "Connection: close");
      connection.send(blob.bytes());
      assertThat(connection.read().status()).isEqualTo(201);
    }
    assertThat(repository.request().get(repository.blob(declared)).asByteArray())
        .isEqualTo(declared.bytes());
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(
      strings = {
        "Content-Length: -1",
        "Content-Length: abc",
        "Content-Length: 10, 20",
        "Content-Length: 99999999999999999999999",
        "Content-Length: 10\r\nContent-Length: 20",
        "Transfer-Encoding: gibberish",
        "Transfer-Encoding: xchunked\r\nContent-Length: 10"
      })
  void lengthThatCannotBeTrustedIsRefused(String headers, Repository repository) {
    String location = repository.startUpload();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", location, headers.split("\r\n"));
      connection.send("5\r\nhello\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(statusOrClosed(connection)).isIn(0, 400, 411, 413, 501);
    }
    repository.request().get(location).then().statusCode(204).header("Range", equalTo("0-0"));
  }

  @Promise
  void malformedChunkIsNoSuccess(Repository repository) {
    String location = repository.startUpload();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", location, "Transfer-Encoding: chunked");
      connection.send("5\r\nhello\r\nzz\r\nhello\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(statusOrClosed(connection)).isIn(0, 400);
    }
    repository.request().get(location).then().statusCode(204);
  }

  @Promise
  void bodyIsNeverTakenForARequest(Repository repository) {
    String smuggled = "DELETE " + repository.manifest("v1") + " HTTP/1.1\r\nHost: x\r\n\r\n";
    repository.pushImage("v1");
    String missing = repository.uploads() + "nothing";
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", missing, "Content-Length: " + smuggled.length());
      connection.send(smuggled.getBytes(StandardCharsets.US_ASCII));
      assertThat(connection.read().status()).isEqualTo(404);
    }
    repository.request().head(repository.manifest("v1")).then().statusCode(200);
  }

  @Promise
  void unsupportedAlgorithmsAreRefused(Repository repository) {
    for (String algorithm : new String[] {"md5", "sha1", "SHA256", ""}) {
      repository
          .request()
          .post(repository.uploads() + "?digest-algorithm=" + algorithm)
          .then()
          .spec(error(400, "DIGEST_INVALID"));
    }
  }

  private io.restassured.response.Response patch(
      Repository repository, String location, String range) {
    return repository
        .request()
        .header("Content-Range", range)
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.bytes())
        .patch(location);
  }

  /** The status of the answer; 0 when the connection ends without one. */
  private static int statusOrClosed(RawConnection connection) {
    try {
      return connection.read().status();
    } catch (UncheckedIOException closed) {
      return 0;
    }
  }
}
