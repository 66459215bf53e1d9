package dev.entrepot.account;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.management.ManagementCalls;
import dev.entrepot.management.ManagementServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManagementServer.class)
class UsersIT extends ManagementCalls {
  @Inject EntrepotConfig config;

  @Test
  void theFirstAdministratorHasAPasswordThatOnlyTheOwnerCanRead() throws Exception {
    Path file = config.dataDir().resolve("initial-admin-password");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(24, Files.readString(file).strip().length());
    as("admin").get("/user").then().statusCode(200).body("administrator", equalTo(true));
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
  void oneOfTwoAdministratorsWhoRemoveEachOtherStays() throws Exception {
    String other = user();
    as("admin").body("{\"administrator\":true}").patch("/users/" + other).then().statusCode(200);
    String demoted = "{\"administrator\":false}";
    List<Integer> statuses =
        whileLocked(
            "SELECT FROM user_account WHERE administrator FOR UPDATE",
            List.of(
                () -> as("admin").body(demoted).patch("/users/" + other).statusCode(),
                () -> as(other).body(demoted).patch("/users/admin").statusCode()));
    assertEquals(List.of(200, 409), statuses);
    database.transact(
        c -> Sql.update(c, "UPDATE user_account SET administrator = (id = ?)", id("admin")));
  }

  @Test
  void whatIsLeftOutOfANewUserIsNotGiven() {
    as("admin")
        .body("{\"name\":\"%s\"}".formatted(name()))
        .post("/users")
        .then()
        .statusCode(201)
        .body("administrator", equalTo(false))
        .body("password", equalTo(false))
        .body("email", nullValue());
  }

  @Test
  void aDisabledUserIsTakenAllTokens() {
    String user = user();
    as("admin").body("{\"disabled\":true}").patch("/users/" + user).then().statusCode(200);
    assertEquals(1, changed("user:" + id(user)));
    as(user).get("/user").then().statusCode(403);
  }
}
