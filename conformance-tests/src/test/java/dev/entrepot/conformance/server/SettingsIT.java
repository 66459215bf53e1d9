package dev.entrepot.conformance.server;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Links;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.RawResponse;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Limits, each set low enough to be met. */
@OwnServer
@Section("Promise > Limits")
class SettingsIT {
  private static RegistryServer server;
  private Repository repository;

  @BeforeAll
  static void start() {
    server =
        RegistryServer.builder()
            .environment("ENTREPOT_UPLOAD_MAX_SIZE", "100K")
            .environment("ENTREPOT_UPLOAD_EXPIRY", "20s")
            .environment("ENTREPOT_UPLOAD_SWEEP_INTERVAL", "1s")
            .environment("ENTREPOT_UPLOAD_SUSPENDED_TIMEOUT", "1s")
            .environment("ENTREPOT_UPLOAD_MIN_RATE", "10K")
            .environment("ENTREPOT_UPLOAD_MIN_RATE_WINDOW", "5s")
            .environment("ENTREPOT_MANIFEST_MAX_SIZE", "10K")
            .environment("ENTREPOT_MANIFEST_ALLOW_SPARSE_INDEXES", "true")
            .environment("ENTREPOT_LISTING_MAX_PAGE_SIZE", "10")
            .environment("ENTREPOT_LISTING_REFERRERS_PAGE_SIZE", "3")
            .start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void newRepository() {
    repository = server.registry().newRepository();
  }

  @Promise
  void blobDeclaredTooLargeIsRefusedBeforeThe100() {
    try (RawConnection connection = server.registry().connect()) {
      connection.sendHead(
          "PATCH", repository.startUpload(), "Expect: 100-continue", "Content-Length: 200000");
      RawResponse refused = connection.read();
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.text()).contains("SIZE_INVALID", "102400");
    }
  }

  @Promise
  void blobThatTurnsOutTooLargeIsRefused() {
    try (RawConnection connection = server.registry().connect()) {
      connection.sendHead("PATCH", repository.startUpload(), "Transfer-Encoding: chunked");
      connection.sendChunk(new byte[150_000]).sendLastChunk();
      assertThat(connection.read().status()).isEqualTo(413);
    }
  }

  @Promise
  void chunksThatTogetherAreTooLargeAreRefused() {
    Blob blob = Blob.random(150_000);
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 90_000);
    repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.slice(90_000, 150_000))
        .patch(location)
        .then()
        .spec(error(413, "SIZE_INVALID"));
  }

  @Promise
  void manifestBeyondTheLimitIsRefused() {
    repository
        .put(Manifest.index().annotation("x", "y".repeat(11_000)).build(), "v1")
        .then()
        .spec(error(413, "MANIFEST_INVALID"));
    repository
        .put(Manifest.index().annotation("x", "y".repeat(9_000)).build(), "v1")
        .then()
        .statusCode(201);
  }

  @Promise
  void sparseIndexIsTaken() {
    Manifest missing = Image.random().manifest();
    Manifest there = repository.pushImage().manifest();
    repository
        .put(Manifest.index().manifest(missing).manifest(there).build(), "v1")
        .then()
        .statusCode(201);
  }

  @Promise
  void imageWithoutItsLayersIsRefusedAllTheSame() {
    repository
        .put(Image.random().manifest(), "v1")
        .then()
        .spec(error(404, "MANIFEST_BLOB_UNKNOWN"));
  }

  @Promise
  void abandonedUploadIsSwept() {
    Blob blob = Blob.random(100);
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 50);
    await().until(() -> repository.request().get(location).statusCode() == 404);
    repository.request().get(location).then().spec(error(404, "BLOB_UPLOAD_UNKNOWN"));
  }

  @Promise
  void bodySlowerThanTheLeastRateIsEnded() {
    String location = repository.startUpload();
    try (RawConnection connection = server.registry().connect()) {
      connection.sendHead("PATCH", location, "Content-Length: 90000");
      connection.send(new byte[1000]);
      // Nothing more comes: the answer does, long before the connection's own time is up.
      assertThat(connection.read().status()).isEqualTo(408);
    }
    assertThat(repository.request().get(location).header("Range")).isEqualTo("0-999");
  }

  @Promise
  void uploadThatDripsIsEnded() {
    String location = repository.startUpload();
    try (RawConnection connection = server.registry().connect()) {
      connection.sendHead("PATCH", location, "Content-Length: 90000");
      assertThat(isEndedWhileItDrips(connection)).isTrue();
    }
  }

  /** Sends a byte every 50 ms, for a minute at least or until the registry ends it. */
  private static boolean isEndedWhileItDrips(RawConnection connection) {
    for (int i = 0; i < 20 * 60; i++) {
      try {
        if (!connection.send(new byte[1]).isSilentFor(Duration.ofMillis(50))) {
          return true;
        }
      } catch (UncheckedIOException closed) {
        return true;
      }
    }
    return false;
  }

  @Promise
  void pagesAreBoundedAndLinked() {
    List<String> tags = IntStream.range(0, 25).mapToObj("t%02d"::formatted).toList();
    repository.push(Manifest.index().build(), tags.toArray(String[]::new));
    repository
        .request()
        .get(repository.tags() + "?n=1000")
        .then()
        .body("tags.size()", equalTo(10))
        .header("Link", notNullValue());
    assertThat(Links.follow(repository, repository.tags() + "?n=1000", "tags")).isEqualTo(tags);
  }

  @Promise
  void wholeListIsNotBounded() {
    List<String> tags = IntStream.range(0, 25).mapToObj("t%02d"::formatted).toList();
    repository.push(Manifest.index().build(), tags.toArray(String[]::new));
    assertThat(repository.request().get(repository.tags()).jsonPath().getList("tags"))
        .isEqualTo(tags);
  }

  @Promise
  void referrersComeInPages() {
    Manifest subject = repository.pushImage().manifest();
    repository.push(Blob.EMPTY_JSON);
    List<String> referrers =
        IntStream.range(0, 8)
            .mapToObj(i -> Manifest.artifact("a/b").subject(subject).build())
            .map(artifact -> repository.push(artifact).digest())
            .toList();
    String path = repository.referrers(subject.digest());
    repository.request().get(path).then().body("manifests.size()", equalTo(3));
    assertThat(Links.follow(repository, path, "manifests.digest"))
        .containsExactlyInAnyOrderElementsOf(referrers);
    assertThat(Links.follow(repository, path + "?artifactType=a/b", "manifests.digest"))
        .containsExactlyInAnyOrderElementsOf(referrers);
  }
}
