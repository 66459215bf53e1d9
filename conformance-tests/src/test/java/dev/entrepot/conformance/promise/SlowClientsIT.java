package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.lessThan;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Clients that take their time hold up nobody else. */
@Section("Promise > Bad input > Slow clients")
class SlowClientsIT {
  /** Milliseconds; who is held up waits until a stalled client is given up, twice as long. */
  private static final long SOON = 30_000;

  @Promise
  void uploadInDripsIsTaken(Repository repository) throws InterruptedException {
    Blob blob = Blob.random(40);
    String closing = Repository.closing(repository.startUpload(), blob.digest());
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PUT", closing, "Content-Length: 40");
      for (int i = 0; i < 40; i++) {
        connection.send(blob.slice(i, i + 1));
        Thread.sleep(20); // the slowness itself is what is tested
      }
      assertThat(connection.read().status()).isEqualTo(201);
    }
  }

  @Promise
  void uploadsThatStallHoldUpNobody(Repository repository) {
    List<RawConnection> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        RawConnection connection = repository.registry().connect();
        stalled.add(connection);
        connection.sendHead("PATCH", repository.startUpload(), "Content-Length: 1000000");
        connection.send(new byte[5_000]);
      }
      repository.pushImage("v1");
      repository
          .request()
          .get(repository.manifest("v1"))
          .then()
          .statusCode(200)
          .time(lessThan(SOON));
    } finally {
      stalled.forEach(RawConnection::reset);
    }
  }

  @Promise
  void downloadsThatStallHoldUpNobody(Repository repository) {
    Blob large = repository.push(Blob.random(8 << 20));
    List<RawConnection> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        RawConnection connection = repository.registry().connect();
        stalled.add(connection);
        connection.sendHead("GET", repository.blob(large));
      }
      repository.pushImage("v1");
      repository
          .request()
          .get(repository.manifest("v1"))
          .then()
          .statusCode(200)
          .time(lessThan(SOON));
      assertThat(repository.request().get(repository.blob(large)).asByteArray())
          .isEqualTo(large.bytes());
    } finally {
      stalled.forEach(RawConnection::reset);
    }
  }

  @Promise
  void headsThatNeverEndHoldUpNobody(Repository repository) {
    List<RawConnection> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        RawConnection connection = repository.registry().connect();
        stalled.add(connection);
        connection.send("GET /v2/ HTTP/1.1\r\nHost:".getBytes());
      }
      repository.pushImage("v1");
    } finally {
      stalled.forEach(RawConnection::reset);
    }
  }

  @Promise
  void largeManifestsThatNobodyReadsHoldUpNobody(Repository repository) {
    repository.push(largeManifest(repository), "large");
    List<RawConnection> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) { // 800 MB, if each had a copy waiting
        RawConnection connection = repository.registry().connect();
        stalled.add(connection);
        connection.sendHead("GET", repository.manifest("large"));
      }
      repository.pushImage("v1");
      repository
          .request()
          .get(repository.manifest("large"))
          .then()
          .statusCode(200)
          .time(lessThan(SOON));
    } finally {
      stalled.forEach(RawConnection::reset);
    }
  }

  @Promise
  void manifestsThatNeverComeHoldUpNobody(Repository repository) {
    List<RawConnection> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        RawConnection connection = repository.registry().connect();
        stalled.add(connection);
        connection.sendHead("PUT", repository.manifest("late"), "Content-Length: 4000000");
      }
      repository.pushImage("v1");
    } finally {
      stalled.forEach(RawConnection::reset);
    }
  }

  @Promise
  void requestsSentAheadWithoutReadingEndThatConnectionOnly(Repository repository) {
    repository.push(largeManifest(repository), "large");
    try (RawConnection connection = repository.registry().connect()) {
      for (int i = 0; i < 2_000; i++) {
        connection.sendHead("GET", repository.manifest("large"));
      }
    } catch (UncheckedIOException closed) {
      // A registry may close it, and need not.
    }
    repository.pushImage("v1");
  }

  /** Of nearly 4 MiB, in annotations. */
  private static Manifest largeManifest(Repository repository) {
    Blob config = repository.push(Blob.random(100));
    Manifest.Builder manifest = Manifest.image().config(config, MediaTypes.OCI_CONFIG).noLayers();
    for (int i = 0; i < 100; i++) {
      manifest.annotation("large." + i, "x".repeat(40_000));
    }
    return manifest.build();
  }
}
