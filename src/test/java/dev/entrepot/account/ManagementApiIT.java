package dev.entrepot.account;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.auth.secret.Secret;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManagementServer.class)
class ManagementApiIT {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String PASSWORD = "a rather long passphrase";

  @Inject Database database;
  @Inject EntrepotConfig config;

  @Test
  void theFirstAdministratorHasAPasswordThatOnlyTheOwnerCanRead() throws Exception {
    Path file = config.dataDir().resolve("initial-admin-password");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(24, Files.readString(file).strip().length());
    as("admin").get("/user").then().statusCode(200).body("administrator", equalTo(true));
  }

  @Test
  void withoutCredentialsNothingIsTold() {
    for (String path : List.of("/users", "/user", "/organisations", "/repositories/no/such")) {
      given()
          .basePath("/api/v1")
          .get(path)
          .then()
          .statusCode(401)
          .contentType("application/problem+json")
          .header("WWW-Authenticate", startsWith("Basic "))
          .body("code", equalTo("UNAUTHORIZED"));
    }
  }

  @Test
  void aUserIsMadeShownAndChanged() {
    String name = name();
    as("admin")
        .body("{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD))
        .post("/users")
        .then()
        .statusCode(201)
        .header("Location", containsString("/users/" + name))
        .body("name", equalTo(name))
        .body("password", equalTo(true));
    String tag = as(name).get("/users/" + name).then().statusCode(200).extract().header("ETag");
    as("admin")
        .header("If-Match", tag)
        .body("{\"email\":\"a@example.org\"}")
        .patch("/users/" + name)
        .then()
        .statusCode(200)
        .body("email", equalTo("a@example.org"));
    as("admin")
        .header("If-Match", tag)
        .body("{\"email\":null}")
        .patch("/users/" + name)
        .then()
        .statusCode(412)
        .body("code", equalTo("PRECONDITION_FAILED"));
    as("admin").body("{\"email\":null}").patch("/users/" + name).then().body("email", nullValue());
  }

  @Test
  void onlyAdministratorsAndTheUserSeeAUser() {
    String user = user();
    String other = user();
    as(other).get("/users/" + user).then().statusCode(403);
    as(other).get("/users").then().statusCode(403);
    as(other).body("{\"administrator\":true}").patch("/users/" + other).then().statusCode(403);
  }

  @Test
  void aTokenOfLimitedUseManagesNothing() {
    as("admin")
        .header(ManagementServer.CREDENTIAL, "token:limited")
        .get("/users")
        .then()
        .statusCode(403);
  }

  @Test
  void unknownPropertiesAndMalformedValuesAreRefused() {
    as("admin")
        .body("{\"name\":\"x\",\"colour\":1}")
        .post("/users")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("detail", containsString("colour"));
    as("admin")
        .body("{\"name\":\"No Name\"}")
        .post("/users")
        .then()
        .statusCode(400)
        .body("errors.property", hasItem("name"));
    as("admin").body("{\"name\":").post("/users").then().statusCode(400);
    as("admin").get("/users?limit=0").then().statusCode(400);
    as("admin").contentType("text/plain").body("x").post("/users").then().statusCode(415);
    as("admin").body("{\"name\":\"" + "x".repeat(300_000)).post("/users").then().statusCode(413);
  }

  @Test
  void aWeakPasswordIsRefused() {
    as("admin")
        .body("{\"name\":\"%s\",\"password\":\"password123\"}".formatted(name()))
        .post("/users")
        .then()
        .statusCode(400)
        .body("detail", startsWith("The password "));
  }

  @Test
  void aNameIsGivenOnce() {
    String name = user();
    as("admin").body("{\"name\":\"" + name + "\"}").post("/users").then().statusCode(409);
    as("admin")
        .body("{\"name\":\"%s\",\"owner\":\"admin\"}".formatted(name))
        .post("/organisations")
        .then()
        .statusCode(409);
  }

  @Test
  void thePasswordIsChangedByWhoKnowsIt() {
    String user = user();
    String path = "/users/" + user + "/password";
    as(user)
        .body("{\"oldPassword\":\"wrong\",\"newPassword\":\"another long passphrase\"}")
        .put(path)
        .then()
        .statusCode(403);
    as(user)
        .body(
            "{\"oldPassword\":\"%s\",\"newPassword\":\"another long passphrase\"}"
                .formatted(PASSWORD))
        .put(path)
        .then()
        .statusCode(204);
    assertTrue(changed("user:" + id(user)) > 0);
  }

  @Test
  void theLastAdministratorStays() {
    for (String patch : List.of("{\"administrator\":false}", "{\"disabled\":true}")) {
      as("admin").body(patch).patch("/users/admin").then().statusCode(409);
    }
    as("admin").delete("/users/admin").then().statusCode(409);
  }

  @Test
  void aDisabledUserIsTakenAllTokens() {
    String user = user();
    as("admin").body("{\"disabled\":true}").patch("/users/" + user).then().statusCode(200);
    assertEquals(1, changed("user:" + id(user)));
    as(user).get("/user").then().statusCode(403);
  }

  @Test
  void aTokenIsShownOnceAndRevoked() {
    String user = user();
    var made =
        as(user)
            .body(
                "{\"name\":\"laptop\",\"actions\":[\"pull\",\"push\"],\"repositories\":[\"a/**\"]}")
            .post("/user/tokens")
            .then()
            .statusCode(201)
            .header("Cache-Control", containsString("no-store"))
            .body("token.actions", equalTo(List.of("pull", "push")))
            .extract();
    assertTrue(Secret.parse(made.path("secret")).isPresent());
    assertTrue(
        Instant.parse(made.path("token.expiresAt"))
            .isAfter(Instant.now().plus(Duration.ofDays(300))));
    int id = made.path("token.id");
    as(user)
        .get("/user/tokens")
        .then()
        .body("id", hasItem(id))
        .body(not(containsString(made.<String>path("secret"))));
    as(user()).delete("/user/tokens/" + id).then().statusCode(404);
    as(user).delete("/user/tokens/" + id).then().statusCode(204);
    as(user).get("/user/tokens").then().body("", hasSize(0));
    assertEquals(1, changed("credential:token:" + id));
  }

  @Test
  void aTokenMakesNoTokens() {
    as(user())
        .header(ManagementServer.CREDENTIAL, "token:1")
        .body("{\"name\":\"x\"}")
        .post("/user/tokens")
        .then()
        .statusCode(403);
  }

  @Test
  void aTokenMustExpireInTime() {
    String user = user();
    for (Instant at :
        List.of(Instant.now().minusSeconds(1), Instant.now().plus(Duration.ofDays(400)))) {
      as(user)
          .body("{\"name\":\"x\",\"expiresAt\":\"%s\"}".formatted(at))
          .post("/user/tokens")
          .then()
          .statusCode(400);
    }
  }

  @Test
  void listsGoOnAfterTheLastOfThePage() {
    for (int i = 0; i < 3; i++) {
      user();
    }
    var first = as("admin").get("/users?limit=2").then().body("", hasSize(2)).extract();
    String last = first.path("[1].name");
    assertEquals("<?limit=2&after=" + last + ">; rel=\"next\"", first.header("Link"));
    as("admin").get("/users?limit=2&after=" + last).then().body("[0].name", not(equalTo(last)));
    as("admin").get("/users?limit=1000").then().header("Link", emptyOrNullString());
  }

  @Test
  void anOrganisationIsUnseenByOthers() {
    String owner = user();
    String organisation = organisation(owner);
    String stranger = user();
    String there = as(stranger).get("/organisations/" + organisation).then().extract().asString();
    String absent = as(stranger).get("/organisations/no-such").then().extract().asString();
    assertEquals(absent, there);
    as(stranger).get("/organisations/" + organisation).then().statusCode(404);
    as(stranger).get("/organisations").then().body("", hasSize(0));
    as(owner).get("/organisations").then().body("name", equalTo(List.of(organisation)));
  }

  @Test
  void membersSeeAndOwnersChange() {
    String owner = user();
    String organisation = organisation(owner);
    String path = "/organisations/" + organisation;
    String member = user();
    as(owner).body("{\"owner\":false}").put(path + "/members/" + member).then().statusCode(200);
    as(member).get(path).then().statusCode(200).body("memberRole", equalTo("read"));
    as(member).body("{\"memberRole\":\"admin\"}").patch(path).then().statusCode(403);
    as(owner)
        .body("{\"memberRole\":\"write\",\"defaultVisibility\":\"internal\"}")
        .patch(path)
        .then()
        .statusCode(200)
        .body("memberRole", equalTo("write"))
        .body("defaultVisibility", equalTo("internal"));
    as(owner).body("{\"quotaBytes\":5}").patch(path).then().statusCode(400);
    as(owner).body("{\"bytes\":5}").put(path + "/quota").then().statusCode(403);
    as("admin").body("{\"bytes\":5}").put(path + "/quota").then().body("quotaBytes", equalTo(5));
  }

  @Test
  void theLastOwnerStays() {
    String owner = user();
    String path = "/organisations/" + organisation(owner) + "/members/";
    as(owner).delete(path + owner).then().statusCode(409);
    as(owner).body("{\"owner\":false}").put(path + owner).then().statusCode(409);
    as("admin").delete("/users/" + owner).then().statusCode(409);
    as(owner).body("{\"owner\":true}").put(path + user()).then().statusCode(200);
    as(owner).delete(path + owner).then().statusCode(204);
  }

  @Test
  void aTeamHasMembersOfTheOrganisation() {
    String owner = user();
    String organisation = organisation(owner);
    String path = "/organisations/" + organisation + "/teams";
    as(owner).body("{\"name\":\"core\"}").post(path).then().statusCode(201);
    as(owner).body("{\"name\":\"core\"}").post(path).then().statusCode(409);
    as(owner).put(path + "/core/members/" + user()).then().statusCode(409);
    as(owner).put(path + "/core/members/" + owner).then().statusCode(204);
    as(owner).get(path + "/core/members").then().body("user", equalTo(List.of(owner)));
    as(owner)
        .body("[{\"provider\":\"corp\",\"group\":\"devs\"}]")
        .put(path + "/core/groups")
        .then()
        .statusCode(200)
        .body("group", equalTo(List.of("devs")));
    as(owner).delete(path + "/core/members/" + owner).then().statusCode(204);
    as(owner).delete(path + "/core").then().statusCode(204);
    as(owner).get(path).then().body("", hasSize(0));
  }

  @Test
  void aRobotsSecretIsRotatedWithOverlap() {
    String owner = user();
    String organisation = organisation(owner);
    String path = "/organisations/" + organisation + "/robots";
    as(owner)
        .body("{\"name\":\"ci\"}")
        .post(path)
        .then()
        .statusCode(201)
        .body("name", equalTo(organisation + "+ci"));
    int old =
        as(owner)
            .body("{\"name\":\"first\"}")
            .post(path + "/ci/secrets")
            .then()
            .statusCode(201)
            .body("secret", startsWith("entb_"))
            .body("token.expiresAt", nullValue())
            .extract()
            .path("token.id");
    as(owner)
        .body("{\"name\":\"second\",\"othersEndInSeconds\":3600}")
        .post(path + "/ci/secrets")
        .then()
        .statusCode(201);
    as(owner)
        .get(path + "/ci/secrets")
        .then()
        .body("", hasSize(2))
        .body("find { it.id == " + old + " }.expiresAt", not(nullValue()));
    as(owner)
        .body("{\"name\":\"third\",\"othersEndInSeconds\":0}")
        .post(path + "/ci/secrets")
        .then()
        .statusCode(201);
    as(owner).get(path + "/ci/secrets").then().body("name", equalTo(List.of("third")));
    assertEquals(1, changed("credential:token:" + old));
  }

  @Test
  void aRobotIsDisabled() {
    String owner = user();
    String path = "/organisations/" + organisation(owner) + "/robots";
    int id = as(owner).body("{\"name\":\"ci\"}").post(path).then().extract().path("id");
    as(owner)
        .body("{\"disabled\":true}")
        .patch(path + "/ci")
        .then()
        .statusCode(200)
        .body("disabled", equalTo(true));
    assertEquals(1, changed("robot:" + id));
    as(owner).delete(path + "/ci").then().statusCode(204);
    as(owner).get(path + "/ci").then().statusCode(404);
  }

  @Test
  void aRoleIsGivenReplacedAndTakenBack() {
    String owner = user();
    String user = user();
    String path = "/organisations/" + organisation(owner) + "/grants";
    String grant = "{\"grantee\":{\"kind\":\"user\",\"name\":\"%s\"},\"role\":\"%s\"}";
    int id =
        as(owner)
            .body(grant.formatted(user, "write"))
            .post(path)
            .then()
            .statusCode(200)
            .body("role", equalTo("write"))
            .extract()
            .path("id");
    assertEquals(0, changed("user:" + id(user)), "more rights end no token");
    as(owner)
        .body(grant.formatted(user, "read"))
        .post(path)
        .then()
        .body("id", equalTo(id))
        .body("role", equalTo("read"));
    assertEquals(1, changed("user:" + id(user)));
    as(owner).delete(path + "/" + id).then().statusCode(204);
    as(owner).get(path).then().body("", hasSize(0));
    assertEquals(2, changed("user:" + id(user)));
  }

  @Test
  void aRepositoryWithSlashesIsManaged() {
    String owner = user();
    String organisation = organisation(owner);
    String repository = organisation + "/deep/image";
    database.read(c -> Sql.update(c, "INSERT INTO repository (name) VALUES (?)", repository));
    String path = "/repositories/" + repository;
    as(owner).get(path).then().statusCode(200).body("visibility", equalTo("private"));
    String stranger = user();
    assertEquals(
        as(stranger).get("/repositories/no/such").then().statusCode(404).extract().asString(),
        as(stranger).get(path).then().statusCode(404).extract().asString());
    as(owner)
        .body("{\"visibility\":\"internal\",\"quotaBytes\":1000}")
        .patch(path)
        .then()
        .statusCode(200);
    assertEquals(1, changed("repository:" + repository));
    as(stranger).get(path).then().statusCode(200);
    as(stranger).body("{\"visibility\":\"public\"}").patch(path).then().statusCode(403);
    as(owner)
        .body(
            "{\"grantee\":{\"kind\":\"user\",\"name\":\"%s\"},\"role\":\"admin\"}"
                .formatted(stranger))
        .post(path + "/-/grants")
        .then()
        .statusCode(200);
    int grant =
        as(stranger).get(path + "/-/grants").then().statusCode(200).extract().path("[0].id");
    as(owner).delete(path + "/-/grants/" + grant).then().statusCode(204);
    as("admin").delete("/organisations/" + organisation).then().statusCode(409);
  }

  private String user() {
    String name = name();
    as("admin")
        .body("{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD))
        .post("/users")
        .then()
        .statusCode(201);
    return name;
  }

  private String organisation(String owner) {
    String name = name();
    as("admin")
        .body("{\"name\":\"%s\",\"owner\":\"%s\"}".formatted(name, owner))
        .post("/organisations")
        .then()
        .statusCode(201);
    return name;
  }

  private static String name() {
    return "n" + COUNT.incrementAndGet();
  }

  private long id(String user) {
    return database
        .read(
            c ->
                Sql.find(c, "SELECT id FROM namespace WHERE name = ?", row -> row.getLong(1), user))
        .orElseThrow();
  }

  /** How often all servers were told. */
  private int changed(String what) {
    return database
        .read(
            c ->
                Sql.find(
                    c,
                    "SELECT count(*) FROM access_change WHERE what = ?",
                    row -> row.getInt(1),
                    what))
        .orElseThrow();
  }

  private static RequestSpecification as(String caller) {
    return given()
        .basePath("/api/v1")
        .contentType("application/json")
        .header(ManagementServer.CALLER, caller);
  }
}
