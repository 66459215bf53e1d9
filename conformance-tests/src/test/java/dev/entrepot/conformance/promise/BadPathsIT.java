package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.RawResponse;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, queries and headers as no client writes them, sent as they are. */
@Section("Promise > Bad input > Paths and headers")
class BadPathsIT {
  @ParameterizedTest
  @Tag("promise")
  @ValueSource(
      strings = {
        "/v2/../../../etc/passwd",
        "/v2/../etc/manifests/passwd",
        "/v2/%2e%2e/%2e%2e/manifests/v1",
        "/v2/..%2f..%2f/tags/list",
        "/v2/a/../../b/tags/list",
        "/v2/a/manifests/../../../etc/passwd",
        "/v2/a/manifests/..%2f..%2fetc%2fpasswd",
        "/v2/a/blobs/../../../../etc/passwd",
        "/v2/a/blobs/sha256:..%2f..%2f..%2fetc%2fpasswd",
        "/v2/a/blobs/uploads/../../../etc/passwd",
        "/v2/a/blobs/uploads/..%2f..%2fx",
        "/v2/a/referrers/..%2f..%2fx",
        "/v2//tags/list",
        "/v2/a//tags/list",
        "//v2/a/tags/list",
        "/v2/a%00/tags/list",
        "/v2/a/manifests/%00",
        "/v2/a/manifests/v1%00",
        "/v2/a/blobs/%00",
        "/v2/a/blobs/uploads/%00",
        "/v2/a/referrers/%00",
        "/v2/%ff%fe/tags/list",
        "/v2/a/manifests/%ff",
        "/v2/a/manifests/%c0%ae%c0%ae",
        "/v2/a/manifests/%zz",
        "/v2/a/manifests/%",
        "/v2/%u0041/tags/list",
        "/v2/a\\..\\b/tags/list",
        "/v2/a/tags/list;x=1",
        "/v2/a/manifests/v1#fragment",
        "/v2/_catalog/x",
        "/v2/_trust/tuf"
      })
  void oddPathIsRefused(String path, Registry registry) {
    assertThat(get(registry, path).status()).isBetween(400, 404);
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"a//b", "a/../b", "a/./b", "/a", "a/", "a%00b"})
  void oddNameIs400(String name, Registry registry) {
    assertThat(get(registry, "/v2/" + name + "/tags/list").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"", "Host: :::no host:\r\n"})
  void requestWithoutAProperHostIsRefusedAsTheSpecificationSays(String host, Registry registry) {
    try (RawConnection connection = registry.connect()) {
      String request = "GET /v2/ HTTP/1.1\r\n" + host + "\r\n";
      RawResponse response = connection.send(request.getBytes(StandardCharsets.US_ASCII)).read();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.header("Docker-Distribution-API-Version")).contains("registry/2.0");
      assertThat(response.text()).startsWith("{\"errors\":[");
    }
  }

  @Promise
  void bytesThatAreNoTextAreRefused(Registry registry) {
    for (String path :
        new String[] {
          "/v2/\u00ff\u00fe/tags/list", "/v2/a/manifests/\u00e4", "/v2/a\u0001/tags/list"
        }) {
      assertThat(get(registry, path).status()).as(path).isBetween(400, 404);
    }
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"last=%ff", "last=%zz", "last=%00", "last=%", "&&&", "=", "x=%ff&n=1"})
  void oddQueryOfAListIsNoFault(String query, Repository repository) {
    repository.pushImage("v1");
    assertThat(get(repository.registry(), repository.tags() + "?" + query).status())
        .isBetween(200, 499);
    assertThat(get(repository.registry(), "/v2/_catalog?" + query).status()).isBetween(200, 499);
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"%00", "%ff", "%zz", "a%00b", "%f0%28%8c%28"})
  void oddArtifactTypeIsNoFault(String type, Repository repository) {
    String digest = repository.pushImage("v1").manifest().digest();
    String path = repository.referrers(digest) + "?artifactType=" + type;
    assertThat(get(repository.registry(), path).status()).isBetween(200, 499);
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"%00", "%ff", "%zz", "..%2f", "sha256:%00"})
  void oddParametersOfAnUploadAreNoFault(String value, Repository repository) {
    for (String parameter : new String[] {"digest", "mount", "digest-algorithm", "from"}) {
      try (RawConnection connection = repository.registry().connect()) {
        connection.sendHead(
            "POST", repository.uploads() + "?" + parameter + "=" + value, "Content-Length: 0");
        assertThat(connection.read().status()).as(parameter).isBetween(202, 499);
      }
    }
  }

  @Promise
  void tooLongRequestLineIsRefused(Registry registry) {
    assertThat(get(registry, "/v2/" + "a/".repeat(50_000) + "tags/list").status())
        .isBetween(400, 414);
  }

  @Promise
  void tooManyHeadersAreRefused(Registry registry) {
    try (RawConnection connection = registry.connect()) {
      connection.sendHead("GET", "/v2/", "X-Long: " + "x".repeat(100_000));
      assertThat(connection.read().status()).isIn(400, 413, 431);
    }
  }

  @Promise
  void somethingThatIsNotHttpIsRefused(Registry registry) {
    try (RawConnection connection = registry.connect()) {
      connection.send("\u0016\u0003\u0001 nonsense\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(connection.isClosedWithin(java.time.Duration.ofMinutes(1))).isTrue();
    }
    registry.request().get("/v2/").then().statusCode(200);
  }

  private static RawResponse get(Registry registry, String path) {
    try (RawConnection connection = registry.connect()) {
      return connection.sendHead("GET", path, "Connection: close").read();
    }
  }
}
