package dev.entrepot.account;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.database.Sql;
import dev.entrepot.management.ManagementCalls;
import dev.entrepot.management.ManagementServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What somebody tries who has a part of what it takes. */
@QuarkusTest
@TestProfile(ManagementServer.class)
class ManagementAttacksIT extends ManagementCalls {
  private static final String CHANGE =
      "{\"oldPassword\":\"%s\",\"newPassword\":\"another long passphrase\"}";

  @Test
  void aNewPasswordEndsWhatWasGotWithTheOldOne() {
    long user = user("attacks-refresh");
    long personal = token(user, "personal", null);
    token(user, "refresh", personal);
    token(user, "refresh", null);
    as("attacks-refresh")
        .body(CHANGE.formatted(PASSWORD))
        .put("/users/attacks-refresh/password")
        .then()
        .statusCode(204);
    assertEquals(List.of("personal", "refresh " + personal), tokens(user));
  }

  @Test
  void theOldPasswordCannotBeGuessedQuickly() {
    user("attacks-guess");
    for (int i = 0; i < 10; i++) {
      change("attacks-guess", "wrong " + i).put().then().statusCode(403);
    }
    change("attacks-guess", PASSWORD)
        .put()
        .then()
        .statusCode(429)
        .header("Retry-After", notNullValue());
  }

  @Test
  void anotherSitesPageChangesNothing() {
    String user = "{\"name\":\"attacks-site\"}";
    for (String site : List.of("cross-site", "same-site")) {
      as("admin")
          .header("Sec-Fetch-Site", site)
          .body(user)
          .post("/users")
          .then()
          .statusCode(403)
          .body("code", equalTo("DENIED"));
    }
    for (String origin : List.of("https://evil.example", "null")) {
      as("admin").header("Origin", origin).body(user).post("/users").then().statusCode(403);
    }
    as("admin")
        .header("Sec-Fetch-Site", "same-origin")
        .body(user)
        .post("/users")
        .then()
        .statusCode(201);
  }

  private static RequestSpecification change(String user, String old) {
    return as(user).basePath("/api/v1/users/" + user + "/password").body(CHANGE.formatted(old));
  }

  private long user(String name) {
    return as("admin")
        .body("{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD))
        .post("/users")
        .then()
        .statusCode(201)
        .extract()
        .jsonPath()
        .getLong("id");
  }

  private long token(long user, String kind, Long parent) {
    return database
        .read(
            c ->
                Sql.find(
                    c,
                    "INSERT INTO access_token (hash, kind, user_id, parent_id, name)"
                        + " VALUES (sha256(gen_random_uuid()::text::bytea), ?, ?, ?, 'test')"
                        + " RETURNING id",
                    row -> row.getLong(1),
                    kind,
                    user,
                    parent))
        .orElseThrow();
  }

  private List<String> tokens(long user) {
    return database.read(
        c ->
            Sql.list(
                c,
                "SELECT concat_ws(' ', kind, parent_id) FROM access_token"
                    + " WHERE user_id = ? AND revoked_at IS NULL ORDER BY id",
                row -> row.getString(1),
                user));
  }
}
