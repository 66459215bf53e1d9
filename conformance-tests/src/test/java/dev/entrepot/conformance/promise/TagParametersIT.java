package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code tag=} on pushes by digest: all tags in one transaction. */
@Section("Promise > Manifests > tag parameters")
class TagParametersIT {
  private final Manifest manifest = Manifest.index().build();

  @Promise
  void pushByTagTakesNoTagParameters(Repository repository) {
    repository.put(manifest, "v1?tag=v2").then().statusCode(400);
    repository.request().get(repository.manifest("v1")).then().statusCode(404);
    repository.request().get(repository.manifest("v2")).then().statusCode(404);
  }

  @Promise
  void oneMalformedTagRefusesThemAll(Repository repository) {
    repository
        .put(manifest, manifest.digest() + "?tag=good&tag=.bad")
        .then()
        .spec(error(400, "TAG_INVALID"));
    repository.request().get(repository.manifest("good")).then().statusCode(404);
    repository.request().get(repository.manifest(manifest.digest())).then().statusCode(404);
  }

  @Promise
  void tagGivenTwiceIsSetOnce(Repository repository) {
    repository.put(manifest, manifest.digest() + "?tag=a&tag=a").then().statusCode(201);
    repository.request().get(repository.tags()).then().body("tags.size()", equalTo(1));
  }

  @Promise
  void pushWithoutTagsNamesNone(Repository repository) {
    repository
        .put(manifest, manifest.digest())
        .then()
        .statusCode(201)
        .header("OCI-Tag", nullValue());
  }

  @Promise
  void tagsThatPointedElsewhereAreMoved(Repository repository) {
    repository.push(Manifest.index().build(), "a");
    repository.put(manifest, manifest.digest() + "?tag=a&tag=b").then().statusCode(201);
    repository
        .request()
        .head(repository.manifest("a"))
        .then()
        .header("Docker-Content-Digest", equalTo(manifest.digest()));
  }

  @Promise
  void tenTagsOf128CharactersAreAccepted(Repository repository) {
    List<String> tags = IntStream.range(0, 10).mapToObj(i -> "t" + i + "x".repeat(126)).toList();
    String query = tags.stream().map(tag -> "tag=" + tag).collect(Collectors.joining("&"));
    repository.put(manifest, manifest.digest() + "?" + query).then().statusCode(201);
    assertThat(repository.request().get(repository.tags()).jsonPath().getList("tags"))
        .isEqualTo(tags);
  }

  @Promise
  void sha512PushTakesTags(Repository repository) {
    Manifest sha512 = manifest.sha512();
    repository.put(sha512, sha512.digest() + "?tag=v1").then().statusCode(201);
    repository
        .request()
        .head(repository.manifest("v1"))
        .then()
        .header("Docker-Content-Digest", equalTo(sha512.digest()));
  }
}
