package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a manifest is checked for before it is stored. */
@Section("Promise > Manifests > Checks on push")
class ManifestChecksIT {
  @ParameterizedTest
  @Tag("promise")
  @ValueSource(
      strings = {
        "",
        "not json",
        "null",
        "[]",
        "\"text\"",
        "{",
        "{} {}",
        "{\"schemaVersion\":2,}",
        "{\"schemaVersion\":2,\"config\":7,\"layers\":[]}",
        "{\"schemaVersion\":2,\"config\":{},\"layers\":[]}",
        "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"a/b\",\"size\":2,\"digest\":\"sha256:xyz\"},\"layers\":[]}",
        "{\"schemaVersion\":2,\"layers\":[null]}",
        "{\"schemaVersion\":2,\"layers\":{}}"
      })
  void bodyThatIsNoManifestIsRefused(String body, Repository repository) {
    repository
        .put(new Manifest(Blob.of(body), MediaTypes.OCI_MANIFEST), "v1")
        .then()
        .spec(error(400, "MANIFEST_INVALID"));
    repository.request().get(repository.manifest("v1")).then().statusCode(404);
  }

  @Promise
  void contentTypeOtherThanTheMediaTypeIsRefused(Repository repository) {
    Manifest image = repository.pushImage().manifest();
    repository
        .put(new Manifest(image.content(), MediaTypes.DOCKER_MANIFEST), "v1")
        .then()
        .spec(error(400, "MANIFEST_INVALID"));
  }

  @Promise
  void contentTypeThatIsNoManifestsIsRefused(Repository repository) {
    Manifest image = repository.pushImage().manifest();
    repository
        .put(new Manifest(image.content(), "application/vnd.example.unknown+json"), "v1")
        .then()
        .spec(error(400, "MANIFEST_INVALID"));
  }

  @Promise
  void missingContentTypeIsTakenFromTheMediaType(Repository repository) {
    Manifest index = Manifest.index().build();
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead(
          "PUT", repository.manifest("v1"), "Content-Length: " + index.content().size());
      assertThat(connection.send(index.bytes()).read().status()).isEqualTo(201);
    }
    repository
        .request()
        .get(repository.manifest("v1"))
        .then()
        .header("Content-Type", equalTo(MediaTypes.OCI_INDEX));
  }

  @Promise
  void missingMediaTypeIsTakenFromTheContentType(Repository repository) {
    Blob config = repository.push(Blob.of("{}"));
    Manifest manifest =
        Manifest.image()
            .without("mediaType")
            .config(config, MediaTypes.OCI_CONFIG)
            .noLayers()
            .build();
    repository.put(manifest, "v1").then().statusCode(201);
    repository
        .request()
        .get(repository.manifest("v1"))
        .then()
        .header("Content-Type", equalTo(MediaTypes.OCI_MANIFEST));
  }

  @Promise
  void everyMissingDigestIsNamed(Repository repository) {
    Image image = Image.random(3, 50);
    repository.push(image.layers().get(1));
    Response refused = repository.put(image.manifest(), "v1");
    refused.then().spec(error(404, "MANIFEST_BLOB_UNKNOWN"));
    assertThat(refused.asString())
        .contains(
            image.config().digest(), image.layers().get(0).digest(), image.layers().get(2).digest())
        .doesNotContain(image.layers().get(1).digest());
  }

  @Promise
  void everyMissingChildIsNamed(Repository repository) {
    Manifest there = repository.pushImage().manifest();
    Manifest missing = Image.random().manifest();
    Response refused =
        repository.put(Manifest.index().manifest(there).manifest(missing).build(), "v1");
    refused.then().spec(error(404, "MANIFEST_BLOB_UNKNOWN"));
    assertThat(refused.asString()).contains(missing.digest()).doesNotContain(there.digest());
  }

  @Promise
  void refusedManifestLeavesNoTag(Repository repository) {
    repository.push(Blob.random(1));
    repository.put(Image.random().manifest(), "v1").then().statusCode(404);
    repository.request().get(repository.manifest("v1")).then().statusCode(404);
    assertThat(repository.request().get(repository.tags()).jsonPath().getList("tags")).isEmpty();
  }

  @Promise
  void refusedManifestLeavesTheTagWhereItWas(Repository repository) {
    Manifest old = repository.pushImage("v1").manifest();
    repository.put(Image.random().manifest(), "v1").then().statusCode(404);
    repository
        .request()
        .head(repository.manifest("v1"))
        .then()
        .header("Docker-Content-Digest", equalTo(old.digest()));
  }

  @Promise
  void digestOfOtherContentIsDigestInvalid(Repository repository) {
    Manifest manifest = repository.pushImage().manifest();
    Manifest other = Manifest.index().build();
    repository.put(manifest, other.digest()).then().spec(error(400, "DIGEST_INVALID"));
    repository.put(manifest, other.sha512().digest()).then().spec(error(400, "DIGEST_INVALID"));
    repository.request().get(repository.manifest(other.digest())).then().statusCode(404);
  }

  @Promise
  void tooLargeManifestIsToldTheLimit(Repository repository) {
    Manifest manifest = Manifest.index().annotation("padding", "x".repeat(5 << 20)).build();
    Response refused = repository.put(manifest, "v1");
    refused.then().spec(error(413, "MANIFEST_INVALID"));
    assertThat(refused.jsonPath().getString("errors[0].detail")).contains("4194304");
  }

  @Promise
  void manifestOfExactlyTheLimitIsTaken(Repository repository) {
    int limit = 4 << 20;
    byte[] exact = pad(Manifest.index().build().bytes(), limit);
    repository.put(new Manifest(Blob.of(exact), MediaTypes.OCI_INDEX), "v1").then().statusCode(201);
    repository
        .put(new Manifest(Blob.of(pad(exact, limit + 1)), MediaTypes.OCI_INDEX), "v2")
        .then()
        .statusCode(413);
  }

  // Spaces after the document change nothing but its size.
  private static byte[] pad(byte[] bytes, int length) {
    byte[] padded = java.util.Arrays.copyOf(bytes, length);
    java.util.Arrays.fill(padded, bytes.length, length, (byte) ' ');
    return padded;
  }
}
