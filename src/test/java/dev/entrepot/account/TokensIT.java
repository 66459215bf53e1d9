package dev.entrepot.account;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.auth.secret.Secret;
import dev.entrepot.management.ManagementCalls;
import dev.entrepot.management.ManagementServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManagementServer.class)
class TokensIT extends ManagementCalls {
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
  void aTokenOfLimitedUseManagesNothing() {
    as("admin")
        .header(ManagementServer.CREDENTIAL, "token:limited")
        .get("/users")
        .then()
        .statusCode(403);
  }
}
