package dev.entrepot.audit;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.Patience;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.server.ServerResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(AuditApiIT.RealServer.class)
class AuditApiIT {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String PASSWORD = "a rather long passphrase";

  /** A server where everybody proves who they are. */
  public static class RealServer implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(ServerResource.class));
    }
  }

  @Inject EntrepotConfig config;

  @BeforeAll
  static void bePatient() {
    Patience.bePatient();
  }

  @Test
  void changesOfAccountsAreRecordedWithWhoMadeThem() throws Exception {
    String user = user();
    String organisation = "o-" + user;
    admin()
        .body("{\"name\":\"%s\",\"owner\":\"%s\"}".formatted(organisation, user))
        .post("/organisations")
        .then()
        .statusCode(201);
    as(user)
        .body("{\"name\":\"ci\"}")
        .post("/organisations/" + organisation + "/robots")
        .then()
        .statusCode(201);
    as(user)
        .get("/organisations/" + organisation + "/audit")
        .then()
        .statusCode(200)
        .body("kind", equalTo(List.of("robot-create", "organisation-create")))
        .body("actor", equalTo(List.of(user, "admin")))
        .body("namespace", everyItem(equalTo(organisation)));
    admin()
        .queryParam("kind", "user-create")
        .get("/audit")
        .then()
        .statusCode(200)
        .body("reference", hasItem(user))
        .body("kind", everyItem(equalTo("user-create")));
  }

  @Test
  void signInsTokensAndRefusalsAreRecorded() throws Exception {
    String user = user();
    as(user).get("/user").then().statusCode(200);
    given().auth().preemptive().basic(user, PASSWORD).get("/token").then().statusCode(200);
    given().auth().preemptive().basic(user, "no " + PASSWORD).get("/v2/").then().statusCode(401);
    given()
        .auth()
        .preemptive()
        .basic(user, PASSWORD)
        .put("/v2/not/mine/manifests/latest")
        .then()
        .statusCode(403);
    as(user).get("/users").then().statusCode(403);
    await()
        .untilAsserted(
            () ->
                assertEquals(
                    List.of("denied", "denied", "sign-in", "sign-in", "token-issue"),
                    events("actor", user).stream()
                        .filter(kind -> !kind.equals("user-create"))
                        .sorted()
                        .toList()));
    admin()
        .queryParam("repository", "not/mine")
        .get("/audit")
        .then()
        .body("kind", equalTo(List.of("denied")))
        .body("outcome", equalTo(List.of("refused")))
        .body("address", equalTo(List.of("127.0.0.1")))
        .body("detail.action", equalTo(List.of("push")));
  }

  @Test
  void noSecretAndNoUnknownNameIsInTheLog() throws Exception {
    String user = user();
    String typed = "hunter2-" + user;
    String token =
        as(user)
            .body("{\"name\":\"laptop\"}")
            .post("/user/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("secret");
    List<String> secrets = new ArrayList<>(List.of(PASSWORD, typed, token, adminPassword()));
    for (String name : List.of(typed, token, PASSWORD, user)) {
      for (String password : List.of("wrong " + typed, token, token.replace('a', 'b'))) {
        given().auth().preemptive().basic(name, password).get("/v2/");
        given()
            .formParam("grant_type", "password")
            .formParam("username", name)
            .formParam("password", password)
            .post("/token");
      }
    }
    Response answer =
        given()
            .auth()
            .preemptive()
            .basic(user, token)
            .queryParam("offline_token", true)
            .queryParam("scope", "repository:" + user + "/app:pull,push")
            .get("/token");
    secrets.add(answer.path("token"));
    secrets.add(answer.path("refresh_token"));
    given()
        .auth()
        .preemptive()
        .oauth2(answer.path("token"))
        .put("/v2/other/app/manifests/latest")
        .then()
        .statusCode(401);
    given().auth().preemptive().oauth2("e30.e30." + typed).get("/v2/").then().statusCode(401);
    await().until(() -> export("").contains("other/app"));
    String log = export("");
    assertTrue(log.contains("\"credential\":\"token:"));
    assertTrue(log.contains("\"method\":\"secret\""));
    for (String secret : secrets) {
      assertFalse(log.contains(secret), () -> "the log tells " + secret);
    }
  }

  @Test
  void theLogIsReadPageByPageAndFromAKeyOn() throws Exception {
    user();
    user();
    Response first = admin().queryParam("limit", 1).get("/audit");
    first.then().statusCode(200).body("", hasSize(1)).header("Link", containsString("after="));
    String key = first.path("[0].key");
    String older = admin().queryParam("after", key).get("/audit").path("[0].key");
    await().until(() -> export("?after=" + older).contains(key));
    assertTrue(export("?after=" + older).startsWith("{\"key\":\"" + key));
    admin()
        .queryParam("after", "nonsense")
        .get("/audit")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
    admin().queryParam("from", "yesterday").get("/audit").then().statusCode(400);
  }

  @Test
  void onlyAdministratorsAndOwnersMayRead() throws Exception {
    String user = user();
    for (String path : List.of("/audit", "/audit/export", "/audit/head")) {
      as(user).get(path).then().statusCode(403);
      given().basePath("/api/v1").get(path).then().statusCode(401);
    }
    as(user).get("/organisations/none/audit").then().statusCode(404);
  }

  @Test
  void theNewestSealIsTold() throws Exception {
    user();
    await().until(() -> admin().get("/audit/head").statusCode() == 200);
    String head = admin().get("/audit/head").path("head");
    assertTrue(Head.tryParse(head).isPresent(), head);
  }

  private List<String> events(String filter, String value) throws Exception {
    return admin().queryParam(filter, value).get("/audit").path("kind");
  }

  private String export(String query) throws Exception {
    return admin().get("/audit/export" + query).then().statusCode(200).extract().asString();
  }

  private String user() throws Exception {
    String name = "user" + COUNT.incrementAndGet();
    admin()
        .body("{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD))
        .post("/users")
        .then()
        .statusCode(201);
    return name;
  }

  private RequestSpecification admin() throws Exception {
    return as("admin", adminPassword());
  }

  private String adminPassword() throws Exception {
    return Files.readString(config.dataDir().resolve("initial-admin-password")).strip();
  }

  private RequestSpecification as(String name) {
    return as(name, PASSWORD);
  }

  private RequestSpecification as(String name, String password) {
    return given()
        .basePath("/api/v1")
        .contentType("application/json")
        .auth()
        .preemptive()
        .basic(name, password);
  }
}
