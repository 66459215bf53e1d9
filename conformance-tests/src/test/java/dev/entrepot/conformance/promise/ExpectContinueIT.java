package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.time.Duration;

/** {@code Expect: 100-continue}: what can be refused without the body is refused before the 100. */
@Section("Promise > Expect: 100-continue")
class ExpectContinueIT {
  private static final String EXPECT = "Expect: 100-continue";
  private final Blob blob = Blob.random(1000);

  @Promise
  void uploadGoesOnAfterA100(Repository repository) {
    String closing = Repository.closing(repository.startUpload(), blob.digest());
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PUT", closing, EXPECT, "Content-Length: 1000");
      assertThat(connection.read().status()).isEqualTo(100);
      assertThat(connection.send(blob.bytes()).read().status()).isEqualTo(201);
    }
  }

  @Promise
  void patchGoesOnAfterA100(Repository repository) {
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", repository.startUpload(), EXPECT, "Content-Length: 1000");
      assertThat(connection.read().status()).isEqualTo(100);
      assertThat(connection.send(blob.bytes()).read().status()).isEqualTo(202);
    }
  }

  @Promise
  void singlePostGoesOnAfterA100(Repository repository) {
    try (RawConnection connection = repository.registry().connect()) {
      String post = repository.uploads() + "?digest=" + blob.digest();
      connection.sendHead("POST", post, EXPECT, "Content-Length: 1000");
      assertThat(connection.read().status()).isEqualTo(100);
      assertThat(connection.send(blob.bytes()).read().status()).isEqualTo(201);
    }
  }

  @Promise
  void manifestGoesOnAfterA100(Repository repository) {
    Manifest manifest = repository.pushImage().manifest();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead(
          "PUT",
          repository.manifest("v1"),
          EXPECT,
          "Content-Type: " + manifest.mediaType(),
          "Content-Length: " + manifest.content().size());
      assertThat(connection.read().status()).isEqualTo(100);
      assertThat(connection.send(manifest.bytes()).read().status()).isEqualTo(201);
    }
  }

  @Promise
  void bodyThatDoesNotWaitForThe100IsTaken(Repository repository) {
    String closing = Repository.closing(repository.startUpload(), blob.digest());
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PUT", closing, EXPECT, "Content-Length: 1000").send(blob.bytes());
      int status = connection.read().status();
      if (status == 100) {
        status = connection.read().status();
      }
      assertThat(status).isEqualTo(201);
    }
  }

  @Promise
  void clientThatExpectsNothingGetsNo100(Repository repository) {
    String closing = Repository.closing(repository.startUpload(), blob.digest());
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PUT", closing, "Content-Length: 1000");
      assertThat(connection.isSilentFor(Duration.ofMillis(300))).isTrue();
      assertThat(connection.send(blob.bytes()).read().status()).isEqualTo(201);
    }
  }

  @Promise
  void malformedNameIsRefusedBeforeThe100(Registry registry) {
    assertThat(refusal(registry, "POST", "/v2/UPPER/blobs/uploads/?digest=" + blob.digest()))
        .isEqualTo(400);
  }

  @Promise
  void missingUploadIsRefusedBeforeThe100(Repository repository) {
    String location = repository.startUpload();
    repository.request().delete(location).then().statusCode(204);
    assertThat(refusal(repository.registry(), "PATCH", location)).isEqualTo(404);
    assertThat(refusal(repository.registry(), "PUT", Repository.closing(location, blob.digest())))
        .isEqualTo(404);
  }

  @Promise
  void malformedDigestIsRefusedBeforeThe100(Repository repository) {
    String closing = Repository.closing(repository.startUpload(), "sha256:xyz");
    assertThat(refusal(repository.registry(), "PUT", closing)).isEqualTo(400);
  }

  @Promise
  void chunkOutOfOrderIsRefusedBeforeThe100(Repository repository) {
    String location = repository.startUpload();
    assertThat(refusal(repository.registry(), "PATCH", location, "Content-Range: 5-1004"))
        .isEqualTo(416);
  }

  @Promise
  void sizeThatContradictsContentRangeIsRefusedBeforeThe100(Repository repository) {
    String location = repository.startUpload();
    assertThat(refusal(repository.registry(), "PATCH", location, "Content-Range: 0-10"))
        .isEqualTo(400);
  }

  @Promise
  void manifestDeclaredTooLargeIsRefusedBeforeThe100(Repository repository) {
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead(
          "PUT",
          repository.manifest("v1"),
          EXPECT,
          "Content-Type: " + MediaTypes.OCI_MANIFEST,
          "Content-Length: 50000000");
      assertThat(connection.read().status()).isEqualTo(413);
    }
  }

  @Promise
  void malformedTagIsRefusedBeforeThe100(Repository repository) {
    Image image = Image.random();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead(
          "PUT",
          repository.manifest(".hidden"),
          EXPECT,
          "Content-Type: " + MediaTypes.OCI_MANIFEST,
          "Content-Length: " + image.manifest().content().size());
      assertThat(connection.read().status()).isEqualTo(400);
    }
  }

  private static int refusal(Registry registry, String method, String target, String... headers) {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = EXPECT;
    all[headers.length + 1] = "Content-Length: 1000";
    try (RawConnection connection = registry.connect()) {
      return connection.sendHead(method, target, all).read().status();
    }
  }
}
