package dev.entrepot.account;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.management.ManagementCalls;
import dev.entrepot.management.ManagementServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManagementServer.class)
class RepositoryDeletionIT extends ManagementCalls {
  @Test
  void aDeletedRepositoryIsGoneAndComesBackWithItsSettings() {
    String owner = user();
    String organisation = organisation(owner);
    String name = repository(organisation);
    String path = "/repositories/" + name;
    as(owner).body("{\"description\":\"Mine\"}").patch(path).then().statusCode(200);
    as(owner).delete(path).then().statusCode(204);
    as(owner).get(path).then().statusCode(404);
    as(owner).get(path + "/-/usage").then().statusCode(404);
    assertEquals(1, changed("repository:" + name), "tokens that hold it end");
    as("admin").delete("/organisations/" + organisation).then().statusCode(409);
    int id =
        as(owner)
            .get("/trash")
            .then()
            .body("", hasSize(1))
            .body("[0].name", equalTo(name))
            .body("[0].deletedBy", equalTo(owner))
            .extract()
            .path("[0].id");
    String restore = "/trash/" + id + "/restore";
    String stranger = user();
    as(stranger).get("/trash").then().body("", hasSize(0));
    as(stranger).post(restore).then().statusCode(404);
    as(owner).post(restore).then().statusCode(200);
    as(owner).get(path).then().statusCode(200).body("description", equalTo("Mine"));
    as(owner).get("/trash").then().body("", hasSize(0));
  }

  @Test
  void onlyItsAdministratorsDeleteIt() {
    String owner = user();
    String maintainer = user();
    String path = "/repositories/" + repository(organisation(owner));
    as(owner)
        .body(
            "{\"grantee\":{\"kind\":\"user\",\"name\":\"%s\"},\"role\":\"maintain\"}"
                .formatted(maintainer))
        .post(path + "/-/grants")
        .then()
        .statusCode(200);
    as(maintainer).delete(path).then().statusCode(403);
    as(owner).header("If-Match", "\"other\"").delete(path).then().statusCode(412);
    as(maintainer).get("/clean-up").then().statusCode(403);
    as("admin").get("/clean-up").then().statusCode(200);
    as(maintainer).get("/quarantine").then().statusCode(403);
    as("admin").get("/quarantine").then().statusCode(200).body("", hasSize(0));
    as("admin").get("/quarantine?after=none").then().statusCode(400);
  }

  @Test
  void howLongUntaggedManifestsStayIsASetting() {
    String owner = user();
    String path = "/repositories/" + repository(owner);
    as(owner).body("{\"untagged\":\"30d\"}").patch(path).then().body("untagged", equalTo("30d"));
    as(owner).body("{\"untagged\":\"a while\"}").patch(path).then().statusCode(400);
    as(owner).body("{\"untagged\":null}").patch(path).then().statusCode(200);
  }
}
