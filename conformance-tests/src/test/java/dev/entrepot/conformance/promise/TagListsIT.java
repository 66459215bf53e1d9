package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Links;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Section("Promise > Tags > Lists")
class TagListsIT {
  @Promise
  void orderIsThatOfBytes(Repository repository) {
    repository.push(Manifest.index().build(), "b", "B", "_", "a.1", "a-1", "a_1", "a1", "1", "A");
    repository
        .request()
        .get(repository.tags())
        .then()
        .body("tags", contains("1", "A", "B", "_", "a-1", "a.1", "a1", "a_1", "b"));
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"abc", "-1", "", "1e3", "1.5", "0x10", "%20"})
  void malformedNumberIs400(String number, Repository repository) {
    repository.push(Manifest.index().build(), "v1");
    repository
        .request()
        .get(repository.tags() + "?n=" + number)
        .then()
        .spec(error(400, "PAGINATION_NUMBER_INVALID"));
  }

  @Promise
  void numberBeyondAnyCountGivesAllOfThem(Repository repository) {
    repository.push(Manifest.index().build(), "v1");
    repository
        .request()
        .get(repository.tags() + "?n=99999999999999999999")
        .then()
        .statusCode(200)
        .body("tags", contains("v1"));
  }

  @Promise
  void lastNeedNotBeATag(Repository repository) {
    repository.push(Manifest.index().build(), "a", "c");
    repository.request().get(repository.tags() + "?last=b").then().body("tags", contains("c"));
  }

  @Promise
  void linkIsRelativeAndLeadsToTheNextPage(Repository repository) {
    repository.push(Manifest.index().build(), "a", "b", "c");
    repository
        .request()
        .get(repository.tags() + "?n=2")
        .then()
        .header("Link", startsWith("<" + repository.tags() + "?"))
        .header("Link", containsString("n=2"))
        .header("Link", containsString("last=b"))
        .header("Link", containsString("rel=\"next\""));
  }

  @Promise
  void pageThatEndsTheListHasNoLink(Repository repository) {
    repository.push(Manifest.index().build(), "a", "b");
    for (String query : new String[] {"?n=2", "?n=3", "?n=1&last=a", ""}) {
      repository
          .request()
          .get(repository.tags() + query)
          .then()
          .statusCode(200)
          .header("Link", nullValue());
    }
  }

  @Promise
  void wholeListIsGivenWithoutANumber(Repository repository) {
    List<String> tags = pushTags(repository, 10_500);
    assertThat(repository.request().get(repository.tags()).jsonPath().getList("tags"))
        .isEqualTo(tags);
  }

  @Promise
  void pagesMakeTheWholeList(Repository repository) {
    List<String> tags = pushTags(repository, 1100);
    assertThat(Links.follow(repository, repository.tags() + "?n=100", "tags")).isEqualTo(tags);
  }

  @Promise
  void listIsJson(Repository repository) {
    repository.push(Manifest.index().build(), "v1");
    repository
        .request()
        .get(repository.tags())
        .then()
        .header("Content-Type", startsWith("application/json"))
        .body("name", equalTo(repository.name()));
  }

  @Promise
  void repositoryThatHoldsOnlyABlobHasAnEmptyList(Repository repository) {
    repository.push(Blob.random(10));
    assertThat(
            repository
                .request()
                .get(repository.tags())
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("tags"))
        .isEmpty();
  }

  /** Pushes {@code count} tags; returns them in order. */
  private static List<String> pushTags(Repository repository, int count) {
    List<String> tags = IntStream.range(0, count).mapToObj("t%05d"::formatted).toList();
    Manifest manifest = Manifest.index().build();
    for (int from = 0; from < count; from += 300) {
      String query =
          tags.subList(from, Math.min(from + 300, count)).stream()
              .map(tag -> "tag=" + tag)
              .collect(Collectors.joining("&"));
      repository.put(manifest, manifest.digest() + "?" + query).then().statusCode(201);
    }
    return tags;
  }
}
