package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.RawResponse;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** Connections that are kept, and bodies in chunked transfer encoding. */
@Section("Promise > Client habits")
class ConnectionsIT {
  @Promise
  void connectionServesManyRequests(Repository repository) {
    Image image = repository.pushImage("v1");
    try (RawConnection connection = repository.registry().connect()) {
      for (int i = 0; i < 20; i++) {
        assertThat(connection.sendHead("GET", repository.manifest("v1")).read().body())
            .isEqualTo(image.manifest().bytes());
        assertThat(connection.sendHead("GET", repository.blob(image.layer())).read().body())
            .isEqualTo(image.layer().bytes());
      }
    }
  }

  @Promise
  void errorsDoNotEndTheConnection(Repository repository) {
    try (RawConnection connection = repository.registry().connect()) {
      assertThat(connection.sendHead("GET", repository.manifest("v1")).read().status())
          .isEqualTo(404);
      assertThat(connection.sendHead("GET", "/v2/UPPER/tags/list").read().status()).isEqualTo(400);
      assertThat(connection.sendHead("GET", "/v2/").read().status()).isEqualTo(200);
    }
  }

  @Promise
  void pipelinedRequestsAreAnsweredInTheirOrder(Repository repository) {
    Image image = repository.pushImage("v1");
    Blob large = repository.push(Blob.random(500_000));
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("GET", repository.blob(large));
      connection.sendHead("GET", repository.manifest("v1"));
      connection.sendHead("GET", repository.blob(image.layer()));
      assertThat(connection.read().body()).isEqualTo(large.bytes());
      assertThat(connection.read().body()).isEqualTo(image.manifest().bytes());
      assertThat(connection.read().body()).isEqualTo(image.layer().bytes());
    }
  }

  @Promise
  void http10ClientIsAnswered(Registry registry) {
    try (RawConnection connection = registry.connect()) {
      connection.send("GET /v2/ HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }

  @Promise
  void patchMayBeChunked(Repository repository) {
    Blob blob = Blob.random(200_000);
    String location = repository.startUpload();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", location, "Transfer-Encoding: chunked");
      for (int from = 0; from < blob.size(); from += 10_000) {
        connection.sendChunk(blob.slice(from, from + 10_000));
      }
      RawResponse answer = connection.sendLastChunk().read();
      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.header("Range")).contains("0-199999");
    }
    repository.request().put(Repository.closing(location, blob.digest())).then().statusCode(201);
  }

  @Promise
  void closingPutMayBeChunked(Repository repository) {
    Blob blob = Blob.random(50_000);
    String closing = Repository.closing(repository.startUpload(), blob.digest());
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PUT", closing, "Transfer-Encoding: chunked");
      assertThat(connection.sendChunk(blob.bytes()).sendLastChunk().read().status()).isEqualTo(201);
    }
  }

  @Promise
  void manifestMayBeChunked(Repository repository) {
    Image image = repository.pushImage();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead(
          "PUT",
          repository.manifest("v1"),
          "Content-Type: " + image.manifest().mediaType(),
          "Transfer-Encoding: chunked");
      connection.sendChunk(image.manifest().bytes()).sendLastChunk();
      assertThat(connection.read().status()).isEqualTo(201);
    }
  }

  @Promise
  void headThatMayBeReadInTwoWaysEndsTheConnection(Registry registry) {
    for (String head :
        new String[] {
          "GET /v2/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "GET /v2/ HTTP/9.9\r\nHost: a\r\n\r\n",
          "POST /v2/a/blobs/uploads/ HTTP/1.0\r\nConnection: keep-alive\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: a\r\n"
              + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"
        }) {
      try (RawConnection connection = registry.connect()) {
        connection.send(head.getBytes(StandardCharsets.US_ASCII));
        assertThat(connection.read().status()).as(head).isEqualTo(400);
        assertThat(connection.isClosedWithin(Duration.ofMinutes(1))).as(head).isTrue();
      }
    }
  }

  // Longer than all other tests together: run with -Dexcluded.tests=none.
  @Promise
  @Tag("slow")
  void idleConnectionIsKeptForTwoMinutes(Registry registry) {
    try (RawConnection connection = registry.connect()) {
      connection.sendHead("GET", "/v2/").read();
      assertThat(connection.isSilentFor(Duration.ofSeconds(121))).isTrue();
      assertThat(connection.sendHead("GET", "/v2/").read().status()).isEqualTo(200);
    }
  }
}
