package dev.entrepot.account;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.management.ManagementCalls;
import dev.entrepot.management.ManagementServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManagementServer.class)
class RobotsIT extends ManagementCalls {
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
  void aRobotsTokensEndWhenItsLifeIsCut() {
    String owner = user();
    String organisation = organisation(owner);
    String path = "/organisations/" + organisation + "/robots/" + robot(organisation, owner);
    int id = as(owner).get(path).then().extract().path("id");
    as(owner).body("{\"description\":\"new\"}").patch(path).then().statusCode(200);
    assertEquals(0, changed("robot:" + id));
    as(owner).body("{\"expiresAt\":\"2100-01-01T00:00:00Z\"}").patch(path).then().statusCode(200);
    assertEquals(1, changed("robot:" + id));
    as(owner).body("{\"expiresAt\":null}").patch(path).then().statusCode(200);
    assertEquals(1, changed("robot:" + id));
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
}
