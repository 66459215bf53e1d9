package dev.entrepot.account;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.database.Sql;
import dev.entrepot.management.ManagementCalls;
import dev.entrepot.management.ManagementServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManagementServer.class)
class RepositoriesIT extends ManagementCalls {
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
    assertEquals(0, changed("repository:" + repository), "more rights end no token");
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
    as(owner).body("{\"visibility\":\"private\"}").patch(path).then().statusCode(200);
    assertEquals(1, changed("repository:" + repository));
  }

  @Test
  void textsAreForMaintainersAndVisibilityForAdministrators() {
    String owner = user();
    String maintainer = user();
    String organisation = organisation(owner);
    String path = "/repositories/" + repository(organisation);
    as(owner)
        .body(
            "{\"grantee\":{\"kind\":\"user\",\"name\":\"%s\"},\"role\":\"maintain\"}"
                .formatted(maintainer))
        .post(path + "/-/grants")
        .then()
        .statusCode(200);
    as(maintainer)
        .contentType("application/merge-patch+json")
        .body("{\"description\":\"One line\",\"labels\":{\"team\":\"web\",\"a/b\":\"1\"}}")
        .patch(path)
        .then()
        .statusCode(200)
        .body("description", equalTo("One line"))
        .body("labels", equalTo(Map.of("team", "web", "a/b", "1")));
    as(maintainer)
        .body("{\"labels\":{\"team\":null,\"stage\":\"live\"}}")
        .patch(path)
        .then()
        .body("labels", equalTo(Map.of("stage", "live", "a/b", "1")));
    for (String more : List.of("{\"visibility\":\"public\"}", "{\"quotaBytes\":null}")) {
      as(maintainer).body(more).patch(path).then().statusCode(403);
    }
    for (String wrong : List.of("{\"No\":\"x\"}", "[]", "{\"a\":{}}", "{\"-\":\"\"}")) {
      as(maintainer).body("{\"labels\":" + wrong + "}").patch(path).then().statusCode(400);
    }
  }

  @Test
  void aReadmeIsMarkdownAsItWasGiven() {
    String owner = user();
    String path = "/repositories/" + repository(owner) + "/-/readme";
    String text = "# Läuft\n\n<script>alert(1)</script>\n";
    as(owner).get(path).then().statusCode(404);
    as(owner)
        .contentType("text/markdown; charset=utf-8")
        .body(text)
        .put(path)
        .then()
        .statusCode(200);
    String shown =
        as(owner)
            .get(path)
            .then()
            .statusCode(200)
            .header("Content-Type", equalTo("text/markdown;charset=UTF-8"))
            .header("X-Content-Type-Options", "nosniff")
            .extract()
            .asString();
    assertEquals(text, shown);
    as(user()).get(path).then().statusCode(404).contentType("application/problem+json");
    as(owner)
        .contentType("text/markdown")
        .body("x".repeat(300_000))
        .put(path)
        .then()
        .statusCode(413);
    as(owner).delete(path).then().statusCode(204);
    as(owner).delete(path).then().statusCode(404);
  }
}
