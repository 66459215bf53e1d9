package dev.entrepot.conformance.access;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tags that stay as they are, by rule or for want of the right to move them. */
@OwnServer
@Section("Promise > Tags that stay")
class TagRulesIT {
  private static Accounts accounts;

  private String owner;
  private String organisation;
  private String repository;
  private Image image;

  @BeforeAll
  static void start() {
    accounts = Accounts.start();
  }

  @AfterAll
  static void stop() {
    if (accounts != null) {
      accounts.close();
    }
  }

  @BeforeEach
  void pushOne() {
    owner = accounts.user();
    organisation = accounts.organisation(owner);
    repository = organisation + "/app";
    image = accounts.push(owner, repository, "v1");
  }

  private String ofRepository() {
    return "/api/v1/repositories/" + repository + "/-/tag-rules";
  }

  private String ofOrganisation() {
    return "/api/v1/organisations/" + organisation + "/tag-rules";
  }

  private static Response rule(String user, String path, String pattern) {
    return accounts.json(user, "{\"pattern\":\"" + pattern + "\"}").post(path);
  }

  private String manifest(String reference) {
    return "/v2/" + repository + "/manifests/" + reference;
  }

  /** Another manifest of the repository, without a tag. */
  private Manifest other() {
    Image other = Image.random();
    accounts.push(accounts.as(owner), repository, other.config()).then().statusCode(201);
    accounts.push(accounts.as(owner), repository, other.layer()).then().statusCode(201);
    return other.manifest();
  }

  @Promise
  void anImmutableTagIsNeitherMovedNorDeleted() {
    for (String path : List.of(ofOrganisation(), ofRepository())) {
      int rule = rule(owner, path, "v*").then().statusCode(201).extract().path("id");
      accounts
          .put(accounts.as(owner), repository, other(), "v1")
          .then()
          .statusCode(403)
          .body("errors[0].code", equalTo("DENIED"))
          .body("errors[0].message", containsString("tag v1 is immutable by rule \"v*\" of "))
          .body("errors[0].detail.tag", equalTo("v1"))
          .body("errors[0].detail.ruleId", equalTo(rule));
      for (String reference : List.of("v1", image.manifest().digest())) {
        accounts
            .as(owner)
            .delete(manifest(reference))
            .then()
            .statusCode(403)
            .body("errors[0].code", equalTo("DENIED"))
            .body("errors[0].message", containsString("immutable"));
      }
      accounts
          .as(owner)
          .get(manifest("v1"))
          .then()
          .statusCode(200)
          .header("Docker-Content-Digest", equalTo(image.manifest().digest()));
      accounts.as(owner).delete(path + "/" + rule).then().statusCode(204);
    }
    accounts.as(owner).delete(manifest("v1")).then().statusCode(202);
  }

  @Promise
  void newTagsTheSamePushAndOtherTagsAreNotHindered() {
    rule(owner, ofOrganisation(), "v*").then().statusCode(201);
    RequestSpecification as = accounts.as(owner);
    accounts.put(as, repository, image.manifest(), "v1").then().statusCode(201);
    accounts.put(accounts.as(owner), repository, other(), "v2").then().statusCode(201);
    accounts.put(accounts.as(owner), repository, other(), "latest").then().statusCode(201);
    accounts.put(accounts.as(owner), repository, other(), "latest").then().statusCode(201);
    accounts.as(owner).delete(manifest("latest")).then().statusCode(202);
  }

  @Promise
  void rulesAreMadeListedAndDeleted() {
    Response made = rule(owner, ofRepository(), "v*");
    made.then()
        .statusCode(201)
        .header("Location", containsString(ofRepository() + "/" + made.path("id")))
        .body("pattern", equalTo("v*"));
    String rule = ofRepository() + "/" + made.path("id");
    rule(owner, ofRepository(), "v*").then().statusCode(409).body("code", equalTo("CONFLICT"));
    rule(owner, ofRepository(), "release-*").then().statusCode(201);
    accounts
        .as(owner)
        .get(ofRepository() + "?limit=1")
        .then()
        .statusCode(200)
        .body("pattern", equalTo(List.of("v*")))
        .header("Link", containsString("after=" + made.path("id")));
    accounts
        .as(owner)
        .get(rule)
        .then()
        .statusCode(200)
        .header("ETag", equalTo(made.header("ETag")));
    accounts.as(owner).header("If-Match", "\"other\"").delete(rule).then().statusCode(412);
    accounts.as(owner).header("If-Match", made.header("ETag")).delete(rule).then().statusCode(204);
    accounts.as(owner).delete(rule).then().statusCode(404).body("code", equalTo("NOT_FOUND"));
    accounts.as(owner).get(ofRepository()).then().body("", hasSize(1));
    accounts.as(owner).get(ofOrganisation()).then().statusCode(200).body("", hasSize(0));
  }

  @Promise
  void whatIsNoPatternIsRefused() {
    for (String pattern : List.of("", "a b", ".x", "a?", "é")) {
      rule(owner, ofRepository(), pattern)
          .then()
          .statusCode(400)
          .body("errors.property", hasItem("pattern"));
    }
  }

  @Promise
  void ownersAndMaintainersMakeRulesAndReadersSeeThem() {
    String member = accounts.member(organisation);
    rule(member, ofOrganisation(), "v*").then().statusCode(403);
    rule(member, ofRepository(), "v*").then().statusCode(403);
    accounts.as(member).get(ofOrganisation()).then().statusCode(200);
    accounts.as(member).get(ofRepository()).then().statusCode(200);
    accounts
        .json(
            owner,
            "{\"grantee\":{\"kind\":\"user\",\"name\":\"" + member + "\"},\"role\":\"maintain\"}")
        .post("/api/v1/repositories/" + repository + "/-/grants")
        .then()
        .statusCode(200);
    rule(member, ofRepository(), "v*").then().statusCode(201);
    String stranger = accounts.user();
    rule(stranger, ofRepository(), "x").then().statusCode(404);
    accounts.as(stranger).get(ofRepository()).then().statusCode(404);
    accounts.as(stranger).get(ofOrganisation()).then().statusCode(404);
    accounts.request().get(ofRepository()).then().statusCode(401);
  }

  @Promise
  void whoMayPushAndNotRetagMakesTagsAndMovesNone() {
    Response limited = accounts.personalToken(owner, ",\"actions\":[\"pull\",\"push\"]");
    String secret = limited.path("secret");
    String token =
        accounts.token(accounts.as(owner, secret), "repository:" + repository + ":pull,push");
    Manifest other = other();
    int round = 0;
    for (RequestSpecification as : List.of(accounts.as(owner, secret), accounts.bearer(token))) {
      accounts.put(as, repository, other, "new" + round++).then().statusCode(201);
      accounts.put(as, repository, image.manifest(), "v1").then().statusCode(201);
      accounts
          .put(as, repository, other, "v1")
          .then()
          .statusCode(403)
          .body("errors[0].code", equalTo("DENIED"))
          .body("errors[0].detail.tag", equalTo("v1"));
    }
    accounts
        .as(owner)
        .get(manifest("v1"))
        .then()
        .header("Docker-Content-Digest", equalTo(image.manifest().digest()));
    String whole = accounts.token(accounts.as(owner), "repository:" + repository + ":pull,push");
    accounts.put(accounts.bearer(whole), repository, other, "v1").then().statusCode(201);
  }
}
