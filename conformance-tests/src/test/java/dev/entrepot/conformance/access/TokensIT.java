package dev.entrepot.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What tokens hold, who sees what, and how soon it ends. */
@OwnServer
@Section("Promise > Tokens")
class TokensIT {
  private static final String PASSWORD = "a-long-and-odd-passphrase";
  private static RegistryServer server;
  private static Registry registry;
  private static Image image;

  @BeforeAll
  static void start() {
    server =
        RegistryServer.builder()
            .options("--auth", "on")
            .environment("ENTREPOT_AUTH_ADMIN_PASSWORD", PASSWORD)
            .start();
    registry = server.registry();
    for (String user : new String[] {"anna", "bert"}) {
      basic("admin")
          .contentType("application/json")
          .body(
              "{\"name\":\""
                  + user
                  + "\",\"password\":\""
                  + PASSWORD
                  + "\",\"administrator\":false}")
          .post("/api/v1/users")
          .then()
          .statusCode(201);
    }
    image = Image.random();
    push("anna/app");
    push("bert/app");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static void push(String repository) {
    String user = repository.substring(0, repository.indexOf('/'));
    var blobs = new java.util.ArrayList<>(image.layers());
    blobs.add(image.config());
    for (var blob : blobs) {
      basic(user)
          .contentType(MediaTypes.OCTET_STREAM)
          .body(blob.bytes())
          .post("/v2/" + repository + "/blobs/uploads/?digest=" + blob.digest())
          .then()
          .statusCode(201);
    }
    basic(user)
        .contentType(image.manifest().mediaType())
        .body(image.manifest().bytes())
        .put("/v2/" + repository + "/manifests/v1")
        .then()
        .statusCode(201);
  }

  private static RequestSpecification basic(String user) {
    return basic(user, PASSWORD);
  }

  private static RequestSpecification basic(String user, String password) {
    return registry.request().auth().preemptive().basic(user, password);
  }

  private static RequestSpecification bearer(String token) {
    return registry.request().header("Authorization", "Bearer " + token);
  }

  private static String token(String user, String... scopes) {
    return token(basic(user), scopes);
  }

  private static String token(RequestSpecification as, String... scopes) {
    return as.get("/token?service=entrepot&scope=" + String.join("&scope=", scopes))
        .then()
        .statusCode(200)
        .extract()
        .path("token");
  }

  /** A personal access token: its number and its secret. */
  private static Response personal(String user) {
    return basic(user)
        .contentType("application/json")
        .body("{\"name\":\"" + Registry.uniqueName() + "\"}")
        .post("/api/v1/user/tokens")
        .then()
        .statusCode(201)
        .extract()
        .response();
  }

  @Promise
  void aTokenOfSeveralScopesIsGoodForEachAndNothingElse() {
    String token = token("anna", "repository:anna/app:pull,push", "registry:catalog:*");
    bearer(token).get("/v2/anna/app/manifests/v1").then().statusCode(200);
    bearer(token).post("/v2/anna/app/blobs/uploads/").then().statusCode(202);
    bearer(token)
        .get("/v2/_catalog")
        .then()
        .statusCode(200)
        .body("repositories", hasItem("anna/app"))
        .body("repositories", not(hasItem("bert/app")));
    bearer(token)
        .get("/v2/bert/app/manifests/v1")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", containsString("scope=\"repository:bert/app:pull\""))
        .header("WWW-Authenticate", containsString("error=\"insufficient_scope\""));
    bearer(token)
        .delete("/v2/anna/app/manifests/v1")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", containsString("scope=\"repository:anna/app:delete\""));
  }

  @Promise
  void whatIsPrivateLooksLikeWhatIsNotThere() {
    for (String rest : new String[] {"manifests/v1", "tags/list", "referrers/" + digest()}) {
      for (boolean byToken : new boolean[] {false, true}) {
        assertThat(read("bert/app", rest, byToken))
            .as(rest)
            .isEqualTo(read("bert/nil", rest, byToken).replace("bert/nil", "bert/app"))
            .startsWith("404");
      }
    }
  }

  private static String read(String repository, String rest, boolean byToken) {
    RequestSpecification as =
        byToken ? bearer(token("anna", "repository:" + repository + ":pull")) : basic("anna");
    Response answer = as.header("X-Request-Id", "the-same").get("/v2/" + repository + "/" + rest);
    return answer.statusCode() + "\n" + answer.headers() + "\n" + answer.asString();
  }

  private static String digest() {
    return image.manifest().digest();
  }

  @Promise
  void aMountFromWhatMayNotBeReadIsAnUpload() {
    String mount =
        "/v2/anna/mounted/blobs/uploads/?mount=" + image.config().digest() + "&from=bert/app";
    basic("anna").post(mount).then().statusCode(202);
    bearer(token("anna", "repository:anna/mounted:pull,push")).post(mount).then().statusCode(202);
    basic("admin").post(mount).then().statusCode(201);
  }

  @Promise
  void whoeverIsKnownAndMayNotIsDenied() {
    basic("anna")
        .post("/v2/bert/app/blobs/uploads/")
        .then()
        .statusCode(403)
        .body("errors[0].code", equalTo("DENIED"));
  }

  @Promise
  void aRevokedSecretEndsWithinASecondWithAllThatWasGotWithIt() {
    Response made = personal("anna");
    String secret = made.path("secret");
    int id = made.path("token.id");
    String token = token(basic("anna", secret), "repository:anna/app:pull");
    bearer(token).get("/v2/anna/app/manifests/v1").then().statusCode(200);
    basic("anna").delete("/api/v1/user/tokens/" + id).then().statusCode(204);
    await()
        .atMost(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              bearer(token)
                  .get("/v2/anna/app/manifests/v1")
                  .then()
                  .statusCode(401)
                  .header("WWW-Authenticate", containsString("error=\"invalid_token\""));
              basic("anna", secret).get("/v2/").then().statusCode(401);
            });
  }

  @Promise
  void aRefreshTokenGetsTokensAndEndsWithWhatItWasGotWith() {
    Response made = personal("anna");
    String refresh =
        basic("anna", made.path("secret"))
            .get("/token?service=entrepot&offline_token=true&client_id=docker")
            .then()
            .statusCode(200)
            .extract()
            .path("refresh_token");
    refreshed(refresh).then().statusCode(200);
    int id = made.path("token.id");
    basic("anna").delete("/api/v1/user/tokens/" + id).then().statusCode(204);
    refreshed(refresh).then().statusCode(401).body("error", equalTo("invalid_grant"));
  }

  private static Response refreshed(String refresh) {
    return registry
        .request()
        .contentType("application/x-www-form-urlencoded")
        .body("grant_type=refresh_token&service=entrepot&refresh_token=" + refresh)
        .post("/token");
  }

  @Promise
  void aTokenUsedWhileItIsRevokedIsNeverGoodAgain() {
    Response made = personal("anna");
    String token = token(basic("anna", made.path("secret")), "repository:anna/app:pull");
    int id = made.path("token.id");
    Thread revoker =
        Thread.startVirtualThread(() -> basic("anna").delete("/api/v1/user/tokens/" + id));
    boolean refused = false;
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (System.nanoTime() < end) {
      int status = bearer(token).get("/v2/anna/app/manifests/v1").statusCode();
      assertThat(status).isIn(refused ? new Integer[] {401} : new Integer[] {200, 401});
      refused |= status == 401;
    }
    assertThat(refused).isTrue();
    assertThat(revoker.isAlive()).isFalse();
  }
}
