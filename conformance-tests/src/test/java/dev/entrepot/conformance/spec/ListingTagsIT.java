package dev.entrepot.conformance.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.conformance.support.Links;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

@Section("Content Discovery > Listing Tags")
class ListingTagsIT {
  private static Repository tagged;

  @BeforeAll
  static void pushTags(Registry registry) {
    tagged = registry.newRepository();
    tagged.pushImage("v2", "v10", "v1", "zeta", "alpha", "1");
  }

  @Must
  void listIs200WithNameAndTags() {
    tagged
        .request()
        .get(tagged.tags())
        .then()
        .statusCode(200)
        .body("name", equalTo(tagged.name()))
        .body("tags.size()", equalTo(6));
  }

  @Must
  void tagsAreInOrder() {
    tagged
        .request()
        .get(tagged.tags())
        .then()
        .body("tags", contains("1", "alpha", "v1", "v10", "v2", "zeta"));
  }

  @Must
  void listOfARepositoryWithoutTagsIsEmpty(Repository repository) {
    repository.pushImage();
    Response list = repository.request().get(repository.tags());
    list.then().statusCode(200);
    assertThat(list.jsonPath().getList("tags")).isNullOrEmpty();
  }

  @Must
  void firstTagsAreGivenByNumber() {
    tagged.request().get(tagged.tags() + "?n=2").then().body("tags", contains("1", "alpha"));
  }

  @Must
  void numberBeyondTheTagsGivesAllOfThem() {
    tagged.request().get(tagged.tags() + "?n=100").then().body("tags.size()", equalTo(6));
  }

  @Must
  void numberZeroGivesAnEmptyListWithoutLink() {
    tagged
        .request()
        .get(tagged.tags() + "?n=0")
        .then()
        .statusCode(200)
        .body("tags", empty())
        .header("Link", nullValue());
  }

  @Must
  void tagsAfterTheLastOneAreGiven() {
    tagged
        .request()
        .get(tagged.tags() + "?n=2&last=alpha")
        .then()
        .statusCode(200)
        .body("tags", contains("v1", "v10"));
  }

  @Must
  void lastNeedsNoNumber() {
    tagged.request().get(tagged.tags() + "?last=v10").then().body("tags", contains("v2", "zeta"));
  }

  @Must
  void nothingFollowsTheLastTag() {
    tagged
        .request()
        .get(tagged.tags() + "?n=5&last=zeta")
        .then()
        .statusCode(200)
        .body("tags", empty())
        .header("Link", nullValue());
  }

  @Must
  void linksLeadThroughAllTags() {
    List<String> seen = Links.follow(tagged, tagged.tags() + "?n=2", "tags");
    assertThat(seen).containsExactly("1", "alpha", "v1", "v10", "v2", "zeta");
  }
}
