package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.conformance.support.Links;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** Docker's list of repositories. */
@Section("Promise > Tags > Catalog")
class CatalogIT {
  private static String prefix;

  @BeforeAll
  static void pushRepositories(Registry registry) {
    prefix = Registry.uniqueName();
    for (String name : List.of("/b", "/a", "-c", "/a/z")) {
      registry.repository(prefix + name).push(Manifest.index().build(), "v1");
    }
  }

  @Promise
  void repositoriesAreListedInByteOrder(Registry registry) {
    registry
        .request()
        .get("/v2/_catalog?n=4&last=" + prefix)
        .then()
        .statusCode(200)
        .body(
            "repositories", contains(prefix + "-c", prefix + "/a", prefix + "/a/z", prefix + "/b"));
  }

  @Promise
  void listGoesOnAfterTheLast(Registry registry) {
    registry
        .request()
        .get("/v2/_catalog?n=1&last=" + prefix + "/a")
        .then()
        .body("repositories", contains(prefix + "/a/z"));
  }

  @Promise
  void linksLeadThroughAllRepositories(Registry registry, Repository any) {
    List<String> all = Links.follow(any, "/v2/_catalog?n=3", "repositories");
    assertThat(all).doesNotHaveDuplicates().isSorted();
    assertThat(all).contains(prefix + "-c", prefix + "/a", prefix + "/a/z", prefix + "/b");
  }

  @Promise
  void wholeListIsGivenWithoutANumber(Registry registry) {
    Response whole = registry.request().get("/v2/_catalog");
    whole.then().statusCode(200).body("repositories", hasItem(prefix + "/b"));
  }

  @Promise
  void numberZeroGivesAnEmptyListWithoutLink(Registry registry) {
    registry
        .request()
        .get("/v2/_catalog?n=0")
        .then()
        .statusCode(200)
        .body("repositories", empty())
        .header("Link", nullValue());
  }

  @Promise
  void malformedNumberIs400(Registry registry) {
    registry
        .request()
        .get("/v2/_catalog?n=many")
        .then()
        .spec(error(400, "PAGINATION_NUMBER_INVALID"));
  }

  @Promise
  void repositoryOfRefusedPushesIsNotListed(Registry registry, Repository repository) {
    repository.put(new Manifest(Manifest.index().build().content(), "text/plain"), "v1");
    repository.startUpload();
    registry
        .request()
        .get("/v2/_catalog")
        .then()
        .body("repositories", not(hasItem(equalTo(repository.name()))));
  }
}
