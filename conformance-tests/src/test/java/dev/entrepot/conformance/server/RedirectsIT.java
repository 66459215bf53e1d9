package dev.entrepot.conformance.server;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.ProxiedRequest;
import dev.entrepot.storage.testkit.s3.S3Operation;
import dev.entrepot.storage.testkit.s3.S3Server;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Pulls that are sent on to the object store, and those that are not. */
@OwnServer
@Section("Promise > Redirects")
class RedirectsIT {
  private static final int LEAST = 64 * 1024;
  private static final String STREAMED_TO = "192.0.2.7";

  private static S3Server store;
  private static FaultProxy serversSide;
  private static RegistryServer server;
  private final Blob large = Blob.random(3 * LEAST);
  private Repository repository;

  @BeforeAll
  static void start() {
    store = ObjectStores.versitygw();
    serversSide = FaultProxy.to(store.endpoint());
    server =
        ObjectStores.s3(RegistryServer.builder(), serversSide.endpoint())
            .environment("ENTREPOT_STORAGE_S3_PUBLIC_ENDPOINT", "http://localhost:" + port())
            .environment("ENTREPOT_STORAGE_REDIRECT_EXCEPT_NETWORKS", "192.0.2.0/24")
            .environment("ENTREPOT_HTTP_TRUSTED_PROXIES", "127.0.0.1")
            .start();
  }

  private static int port() {
    return store.endpoint().getPort();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (serversSide != null) {
      serversSide.close();
    }
    if (store != null) {
      store.close();
    }
  }

  @BeforeEach
  void push() {
    repository = server.registry().newRepository();
    repository.push(large);
  }

  private RequestSpecification request() {
    return repository.request().redirects().follow(false);
  }

  private RequestSpecification streamed() {
    return request().header("X-Forwarded-For", STREAMED_TO);
  }

  /** What the store answers to the same request at another place. */
  private static Response follow(Response redirect, String... header) {
    URI url = URI.create(redirect.header("Location"));
    RequestSpecification request =
        new Registry(url.resolve("/")).request().redirects().follow(false);
    if (header.length > 0) {
      request.header(header[0], header[1]);
    }
    return request.get(url.getRawPath() + "?" + url.getRawQuery());
  }

  @Promise
  void largeBlobIsReadAtTheStore() {
    Response redirect = request().get(repository.blob(large));
    redirect.then().statusCode(307);
    assertThat(redirect.header("Location")).startsWith("http://localhost:" + port() + "/");
    assertThat(redirect.header("Cache-Control")).contains("no-store");
    assertThat(redirect.header("Docker-Content-Digest")).isEqualTo(large.digest());

    Response answer = follow(redirect);
    answer.then().statusCode(200);
    assertThat(answer.asByteArray()).isEqualTo(large.bytes());
  }

  @Promise
  void storeSendsItAsAFileToSave() {
    Response answer = follow(request().get(repository.blob(large)));
    assertThat(answer.contentType()).isEqualTo("application/octet-stream");
    assertThat(answer.header("Content-Disposition"))
        .startsWith("attachment")
        .contains(large.digest().replace(':', '-'));
  }

  @Promise
  void urlWorksForAWhileOnly() {
    assertThat(request().get(repository.blob(large)).header("Location"))
        .contains("X-Amz-Expires=600");
  }

  @Promise
  void headIsAnsweredHere() {
    Response head = request().head(repository.blob(large));
    head.then().statusCode(200);
    assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(large.size()));
  }

  /** Whoever is told by a HEAD that the blob is there does not push it again. */
  @Promise
  void storeIsAskedAnewByAHeadOnly() {
    request().get(repository.blob(large)).then().statusCode(307);
    serversSide.forget();
    request().get(repository.blob(large)).then().statusCode(307);
    assertThat(serversSide.requests()).isEmpty();
    request().head(repository.blob(large)).then().statusCode(200);
    assertThat(serversSide.requests())
        .extracting(ProxiedRequest::operation)
        .containsExactly(S3Operation.HEAD_OBJECT);
  }

  @Promise
  void manifestsAndSmallBlobsAreAnsweredHere() {
    Image image = repository.push(Image.random(1, LEAST - 1), "1");
    request().get(repository.manifest("1")).then().statusCode(200);
    Response blob = request().get(repository.blob(image.layer()));
    blob.then().statusCode(200);
    assertThat(blob.asByteArray()).isEqualTo(image.layer().bytes());
  }

  @Promise
  void rangeIsReadAtTheStore() {
    Response redirect = request().header("Range", "bytes=70000-79999").get(repository.blob(large));
    redirect.then().statusCode(307);
    Response part = follow(redirect, "Range", "bytes=70000-79999");
    part.then().statusCode(206);
    assertThat(part.asByteArray()).isEqualTo(large.slice(70_000, 80_000));
  }

  @Promise
  void rangeOutsideIsRefusedHere() {
    request()
        .header("Range", "bytes=900000-")
        .get(repository.blob(large))
        .then()
        .spec(error(416, "RANGE_INVALID"));
  }

  @Promise
  void conditionsAreAnsweredHere() {
    String etag = request().head(repository.blob(large)).header("ETag");
    request().header("If-None-Match", etag).get(repository.blob(large)).then().statusCode(304);
    Response part =
        request().header("Range", "bytes=5-9").header("If-Range", etag).get(repository.blob(large));
    part.then().statusCode(206);
    assertThat(part.asByteArray()).isEqualTo(large.slice(5, 10));
  }

  @Promise
  void clientsOfSomeNetworksGetTheBytesFromHere() {
    Response whole = streamed().get(repository.blob(large));
    whole.then().statusCode(200);
    assertThat(whole.asByteArray()).isEqualTo(large.bytes());
    Response part = streamed().header("Range", "bytes=-70000").get(repository.blob(large));
    part.then().statusCode(206);
    assertThat(part.asByteArray())
        .isEqualTo(Arrays.copyOfRange(large.bytes(), large.size() - 70_000, large.size()));
  }

  @Promise
  void blobOfAnotherRepositoryIsNotSentOn() {
    Repository other = server.registry().newRepository();
    other.push(Blob.random(10));
    request().get(other.blob(large)).then().spec(error(404, "BLOB_UNKNOWN"));
  }

  @Promise
  void nobodyIsSentBelowTheRegistrysOwnName() {
    try (S3Server own = ObjectStores.versitygw();
        RegistryServer registry =
            ObjectStores.s3(RegistryServer.builder(), own.endpoint())
                .environment("ENTREPOT_HTTP_PUBLIC_URL", "http://registry.localhost")
                .environment("ENTREPOT_STORAGE_S3_PUBLIC_ENDPOINT", "http://s3.registry.localhost")
                .start()) {
      assertThat(registry.logText()).contains("pulls are not redirected to s3.registry.localhost");
      Repository pushed = registry.registry().newRepository();
      pushed.push(large);
      pushed.request().redirects().follow(false).get(pushed.blob(large)).then().statusCode(200);
    }
  }
}
