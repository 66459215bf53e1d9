package dev.entrepot.conformance.access;

import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Section;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Whoever makes a repository by a push goes on with it as its administrator. */
@OwnServer
@Section("Promise > Founders of repositories")
class FoundersIT {
  private static Accounts accounts;

  @BeforeAll
  static void start() {
    accounts = Accounts.start("ENTREPOT_REPOSITORY_TOP_LEVEL_CREATORS", "users");
  }

  @AfterAll
  static void stop() {
    if (accounts != null) {
      accounts.close();
    }
  }

  @Promise
  void aMemberWhoMayOnlyReadGoesOnWithWhatTheyFounded() {
    String organisation = accounts.organisation(Accounts.ADMIN);
    String member = accounts.member(organisation);
    goesOn(member, organisation + "/app");
    String other = accounts.member(organisation);
    accounts.as(other).get("/v2/" + organisation + "/app/tags/list").then().statusCode(200);
    accounts.as(other).post("/v2/" + organisation + "/app/blobs/uploads/").then().statusCode(403);
  }

  @Promise
  void aUserGoesOnWithATopLevelRepository() {
    goesOn(accounts.user(), Registry.uniqueName());
  }

  @Promise
  void aFormerMemberHasNothingLeft() {
    String organisation = accounts.organisation(Accounts.ADMIN);
    String member = accounts.member(organisation);
    accounts.push(member, organisation + "/app", "v1");
    accounts
        .as(Accounts.ADMIN)
        .delete("/api/v1/organisations/" + organisation + "/members/" + member)
        .then()
        .statusCode(204);
    accounts.as(member).get("/v2/" + organisation + "/app/tags/list").then().statusCode(404);
    accounts.as(member).post("/v2/" + organisation + "/app/blobs/uploads/").then().statusCode(403);
  }

  private static void goesOn(String user, String repository) {
    accounts.push(user, repository, "v1");
    accounts.push(user, repository, "v2");
    accounts.push(user, repository, "v1"); // moves the tag
    accounts.as(user).delete("/v2/" + repository + "/manifests/v2").then().statusCode(202);
    accounts
        .json(user, "{\"visibility\":\"public\"}")
        .patch("/api/v1/repositories/" + repository)
        .then()
        .statusCode(200)
        .body("visibility", equalTo("public"));
  }
}
