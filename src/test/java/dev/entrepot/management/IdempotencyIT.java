package dev.entrepot.management;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.Sql;
import dev.entrepot.tag.AtOnce;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManagementServer.class)
class IdempotencyIT extends ManagementCalls {
  @Inject IdempotencySweeper sweeper;

  @Test
  void theSameRequestAgainGetsTheSameAnswer() {
    String key = name();
    String body = "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name(), PASSWORD);
    Response first = post("admin", key, "/users", body);
    Response again = post("admin", key, "/users", body);
    assertEquals(201, first.statusCode());
    assertEquals(201, again.statusCode());
    assertEquals(first.asString(), again.asString());
    for (String header : List.of("Location", "ETag", "Content-Type")) {
      assertEquals(first.header(header), again.header(header));
    }
    assertNull(first.header("Idempotency-Replayed"));
    assertEquals("true", again.header("Idempotency-Replayed"));
    assertEquals(409, post("admin", name(), "/users", body).statusCode(), "another key");
  }

  @Test
  void aKeyIsForOneRequest() {
    String key = name();
    post("admin", key, "/users", named(name())).then().statusCode(201);
    post("admin", key, "/users", named(name()))
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("code", equalTo("KEY_REUSED"));
    String organisation = "{\"name\":\"%s\",\"owner\":\"admin\"}".formatted(name());
    assertEquals(422, post("admin", key, "/organisations", organisation).statusCode());
  }

  @Test
  void aKeyIsOfOneCaller() {
    String key = name();
    for (String caller : List.of(user(), user())) {
      assertEquals(201, post(caller, key, "/user/tokens", named("x")).statusCode());
    }
  }

  @Test
  void whatFailedMayBeTriedAgain() {
    String key = name();
    String owner = name();
    String body = "{\"name\":\"%s\",\"owner\":\"%s\"}".formatted(name(), owner);
    assertEquals(404, post("admin", key, "/organisations", body).statusCode());
    as("admin").body(named(owner)).post("/users").then().statusCode(201);
    assertEquals(201, post("admin", key, "/organisations", body).statusCode());
  }

  @Test
  void aSecretIsNotShownAgain() {
    String user = user();
    String key = name();
    String body = "{\"name\":\"x\",\"actions\":[\"push\",\"pull\"]}";
    Response first = post(user, key, "/user/tokens", body);
    post(user, key, "/user/tokens", body)
        .then()
        .statusCode(409)
        .body("code", equalTo("SHOWN_ONCE"))
        .body("detail", containsString(first.header("Location")))
        .body(not(containsString(first.<String>path("secret"))));
    as(user).get("/user/tokens").then().body("", hasSize(1));
    assertEquals(0, count("body LIKE '%entp_%'"));
  }

  @Test
  void noPasswordIsInWhatIsKept() {
    String key = name();
    String body = "{\"name\":\"%s\",\"password\":\"%s\"}";
    String user = name();
    post("admin", key, "/users", body.formatted(user, PASSWORD)).then().statusCode(201);
    // Were it part of the fingerprint, the fingerprint would serve to guess it.
    String other = body.formatted(user, PASSWORD + "!");
    assertEquals(201, post("admin", key, "/users", other).statusCode());
    assertEquals(0, count("body LIKE '%passphrase%'"));
  }

  @Test
  void ofManyAtOnceOneMakesItAndTheOthersWaitForItsAnswer() throws Exception {
    String key = name();
    String body = named(name());
    List<String> answers =
        AtOnce.atOnce(
            6,
            thread -> {
              Response answer = post("admin", key, "/users", body);
              return answer.statusCode() + answer.asString();
            });
    assertEquals(1, Set.copyOf(answers).size(), answers::toString);
    assertTrue(answers.getFirst().startsWith("201"), answers::toString);
  }

  @Test
  void aKeyIsForgottenAfterADay() {
    String key = name();
    post("admin", key, "/users", named(name())).then().statusCode(201);
    age(key, "23 hours");
    assertEquals(422, post("admin", key, "/users", named(name())).statusCode());
    age(key, "25 hours");
    assertEquals(201, post("admin", key, "/users", named(name())).statusCode());
    age(key, "25 hours");
    sweeper.sweep();
    assertEquals(0, count("key = '" + key + "'"));
  }

  @Test
  void aKeyIsShortAndVisible() {
    for (String key : List.of("a b", "x".repeat(256))) {
      assertEquals(400, post("admin", key, "/users", named(name())).statusCode());
    }
  }

  private static String named(String name) {
    return "{\"name\":\"%s\"}".formatted(name);
  }

  private static Response post(String caller, String key, String path, String body) {
    return as(caller).header("Idempotency-Key", key).body(body).post(path);
  }

  private void age(String key, String age) {
    database.transact(
        c ->
            Sql.update(
                c,
                "UPDATE idempotent_request SET created_at = now() - ?::interval WHERE key = ?",
                age,
                key));
  }

  private int count(String where) {
    String query = "SELECT count(*) FROM idempotent_request WHERE " + where;
    return database.read(c -> Sql.find(c, query, row -> row.getInt(1))).orElseThrow();
  }
}
