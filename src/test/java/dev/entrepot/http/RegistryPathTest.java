package dev.entrepot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryPathTest {

  @ParameterizedTest
  @CsvSource({
    "/v2, BASE, '', ''",
    "/v2/, BASE, '', ''",
    "/v2/_catalog, CATALOG, '', ''",
    "/v2/a/tags/list, TAGS, a, ''",
    "/v2/a/b/c/tags/list, TAGS, a/b/c, ''",
    "/v2/a/manifests/latest, MANIFEST, a, latest",
    "/v2/a/manifests/sha256:00, MANIFEST, a, sha256:00",
    "/v2/a/blobs/sha256:00, BLOB, a, sha256:00",
    "/v2/a/blobs/uploads, UPLOADS, a, ''",
    "/v2/a/blobs/uploads/, UPLOADS, a, ''",
    "/v2/a/blobs/uploads/some-id, UPLOAD, a, some-id",
    "/v2/a/referrers/sha256:00, REFERRERS, a, sha256:00"
  })
  void everyPathOfTheApiIsKnown(String path, Route route, String name, String argument) {
    assertEquals(new RegistryPath(route, name, argument), RegistryPath.parse(path));
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/a/manifests/b/manifests/c, MANIFEST, a/manifests/b, c",
    "/v2/a/manifests/b/tags/list, TAGS, a/manifests/b, ''",
    "/v2/a/blobs/uploads/manifests/x, MANIFEST, a/blobs/uploads, x",
    "/v2/a/blobs/blobs/sha256:00, BLOB, a/blobs, sha256:00",
    "/v2/tags/list/tags/list, TAGS, tags/list, ''",
    "/v2/a/tags/blobs/uploads/id, UPLOAD, a/tags, id"
  })
  void aNameMayHoldTheWordsOfThePaths(String path, Route route, String name, String argument) {
    assertEquals(new RegistryPath(route, name, argument), RegistryPath.parse(path));
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/a", "/v2/a/", "/v2//manifests/x", "/v2/manifests/x", "/v2/a/manifests/x/",
    "/v2/a/tags/list/", "/v2/a/tags/other", "/v2/a/uploads/x", "/v2/_catalog/", "/v2/a/b/c"
  })
  void otherPathsAreUnknown(String path) {
    assertEquals(Route.UNKNOWN, RegistryPath.parse(path).route());
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/a/blobs/sha256%3Aab, sha256:ab",
    "/v2/a/blobs/sha256%3aab, sha256:ab",
    "/v2/a/blobs/a+b, a+b",
    "/v2/a/blobs/a%zz, a%zz"
  })
  void argumentsAreUnescapedOnce(String path, String argument) {
    assertEquals(argument, RegistryPath.parse(path).argument());
  }

  @ParameterizedTest
  @CsvSource({"/v2/a%2Fb/tags/list, a%2Fb", "/v2/a%2fb/tags/list, a%2fb", "/v2/%61/tags/list, a"})
  void anEscapedSlashStaysEscaped(String path, String name) {
    assertEquals(name, RegistryPath.parse(path).name());
  }
}
