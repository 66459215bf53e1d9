package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Concurrently;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests made to break parsers. The registry answers each, soon, and lives on. */
@Section("Promise > Bad input > Manifests")
@Timeout(300)
class BadManifestsIT {
  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"[", "{\"a\":", "{\"layers\":[", "{\"annotations\":{\"a\":"})
  void deepJsonIsRefused(String opening, Repository repository) {
    put(repository, opening.repeat(10_000)).then().spec(error(400, "MANIFEST_INVALID"));
  }

  @Promise
  void deepJsonInAnUnusedFieldIsRefused(Repository repository) {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    put(repository, "{\"schemaVersion\":2,\"manifests\":[],\"x\":" + deep + "}")
        .then()
        .spec(error(400, "MANIFEST_INVALID"));
  }

  @Promise
  void bytesThatAreNotUtf8AreRefused(Repository repository) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        "{\"schemaVersion\":2,\"manifests\":[],\"x\":\"".getBytes(StandardCharsets.UTF_8));
    body.writeBytes(new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0xc0});
    body.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
    repository
        .put(new Manifest(Blob.of(body.toByteArray()), MediaTypes.OCI_INDEX), "v1")
        .then()
        .spec(error(400, "MANIFEST_INVALID"));
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(
      strings = {
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\":\"\\u0000\"}}",
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"\\u0000\":\"a\"}}",
        "{\"schemaVersion\":2,\"manifests\":[],\"artifactType\":\"a\\u0000b\"}",
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\":\"\\ud800\"}}",
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\":7}}",
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":[]}",
        "{\"schemaVersion\":2,\"manifests\":[],\"artifactType\":{}}",
        "{\"schemaVersion\":2,\"manifests\":[],\"x\":1e999999}",
        "{\"schemaVersion\":2,\"manifests\":[],\"manifests\":[]}",
        "{\"schemaVersion\":2e0,\"manifests\":[]}",
        "\uFEFF{\"schemaVersion\":2,\"manifests\":[]}"
      })
  void oddJsonIsTakenOrRefusedAndNoFault(String body, Repository repository) {
    Response answer = put(repository, body);
    answer.then().statusCode(anyOf(is(201), is(400)));
    if (answer.statusCode() == 201) {
      assertThat(repository.request().get(repository.manifest("v1")).asByteArray())
          .isEqualTo(body.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Promise
  void oddAnnotationsOfAReferrerAreNoFault(Repository repository) {
    String subject = Image.random().manifest().descriptor().toString();
    String digest = Image.random().manifest().digest();
    put(
            repository,
            "{\"schemaVersion\":2,\"manifests\":[],\"subject\":"
                + subject
                + ",\"artifactType\":\"a/b\",\"annotations\":{\"a\":\"\\u0000\",\"b\":\"\\ud83d\\ude00\"}}")
        .then()
        .statusCode(anyOf(is(201), is(400)));
    repository.request().get(repository.referrers(digest)).then().statusCode(200);
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"-1", "1e400", "99999999999999999999", "\"12\"", "1.5", "null", "{}"})
  void sizeThatIsNoneIsRefused(String size, Repository repository) {
    Blob config = repository.push(Blob.of("{}"));
    String body =
        "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"a/b\",\"digest\":\"%s\",\"size\":%s},\"layers\":[]}"
            .formatted(config.digest(), size);
    repository
        .put(new Manifest(Blob.of(body), MediaTypes.OCI_MANIFEST), "v1")
        .then()
        .spec(error(400, "MANIFEST_INVALID"));
  }

  @Promise
  void manifestOfVeryManyMissingLayersIsRefusedSoon(Repository repository) {
    Manifest.Builder bomb = Manifest.image().config(Blob.of("{}"), MediaTypes.OCI_CONFIG);
    IntStream.range(0, 20_000).forEach(i -> bomb.layer(Blob.of("layer" + i), "a/b"));
    Response refused = repository.put(compact(bomb), "v1");
    refused.then().statusCode(anyOf(is(400), is(404)));
  }

  @Promise
  void manifestThatNamesOneLayerVeryOftenIsNoFault(Repository repository) {
    Blob config = repository.push(Blob.of("{}"));
    ObjectNode descriptor = config.descriptor("a/b");
    Manifest.Builder bomb = Manifest.image().config(config, MediaTypes.OCI_CONFIG);
    IntStream.range(0, 20_000).forEach(i -> bomb.layer(descriptor));
    repository.put(compact(bomb), "v1").then().statusCode(anyOf(is(201), is(400)));
  }

  @Promise
  void manifestOfVeryManyAnnotationsIsNoFault(Repository repository) {
    Manifest.Builder bomb = Manifest.index();
    IntStream.range(0, 50_000).forEach(i -> bomb.annotation("key" + i, "value"));
    repository.put(compact(bomb), "v1").then().statusCode(anyOf(is(201), is(400)));
  }

  @Promise
  void manifestThatIsItsOwnSubjectsSubjectIsNoFault(Repository repository) {
    Manifest a = repository.push(Manifest.index().build());
    Manifest b = repository.push(Manifest.index().subject(a).build());
    repository.request().get(repository.referrers(b.digest())).then().statusCode(200);
    repository.request().delete(repository.manifest(a.digest())).then().statusCode(202);
  }

  @Promise
  void manifestThatIsCutOffIsNotStored(Repository repository) {
    Manifest manifest = repository.pushImage().manifest();
    repository.request().delete(repository.manifest(manifest.digest())).then().statusCode(202);
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead(
          "PUT",
          repository.manifest("v1"),
          "Content-Type: " + manifest.mediaType(),
          "Content-Length: " + (manifest.content().size() + 1));
      connection.send(manifest.bytes()).endOutput();
      assertThat(connection.isClosedWithin(Duration.ofMinutes(1))).isTrue();
    }
    repository.request().get(repository.manifest("v1")).then().statusCode(404);
    repository.request().get(repository.manifest(manifest.digest())).then().statusCode(404);
  }

  @Promise
  void registryLivesOn(Repository repository) {
    String wide = "{\"schemaVersion\":2,\"x\":[" + "{},".repeat(1_000_000) + "{}]}";
    assertThat(
            Concurrently.run(
                40,
                client ->
                    () ->
                        put(repository, client % 2 == 0 ? wide : "[".repeat(4_000_000))
                            .statusCode()))
        .allMatch(status -> status >= 400 && status < 500 || status == 503);
    repository.pushImage("v1");
    repository.request().get(repository.manifest("v1")).then().time(lessThan(30_000L));
  }

  private static Response put(Repository repository, String body) {
    return repository.put(new Manifest(Blob.of(body), MediaTypes.OCI_INDEX), "v1");
  }

  /** Without white space, to stay below the size limit. */
  private static Manifest compact(Manifest.Builder builder) {
    Manifest pretty = builder.build();
    return new Manifest(Blob.of(pretty.text().replaceAll("\\s*\\n\\s*", "")), pretty.mediaType());
  }
}
