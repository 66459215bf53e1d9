package dev.entrepot.management;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManagementServer.class)
class RequestsIT extends ManagementCalls {
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
  void everyRefusalIsAProblem() {
    for (String body :
        List.of(
            "",
            "null",
            "[]",
            "\"x\"",
            "{\"name\":{}}",
            "{\"name\":\"x\",\"administrator\":\"perhaps\"}",
            "{\"name\":\"x\",\"name\":\"y\"}",
            "{\"name\":\"x\"} x",
            "{\"name\":\"x\",\"email\":\"nobody\"}")) {
      problem(400, as("admin").body(body).post("/users"));
    }
    problem(400, as("admin").body("{\"email\":{}}").patch("/users/admin"));
    problem(400, as("admin").get("/users?limit=1001"));
    problem(400, as("admin").get("/user/tokens?after=x"));
    problem(400, as("admin").urlEncodingEnabled(false).get("/users/a%00b"));
    problem(404, as("admin").get("/users?limit=many"));
    problem(404, as("admin").get("/users/nobody"));
    problem(404, as("admin").get("/user/tokens/none"));
    problem(404, as("admin").get("/nothing"));
    problem(405, as("admin").put("/users"));
    problem(406, as("admin").accept("text/html").get("/users"));
    problem(409, as("admin").body("{\"name\":\"library\"}").post("/users"));
    problem(412, as("admin").header("If-Match", "\"x\"").delete("/users/admin"));
    problem(415, as("admin").contentType("text/plain").body("x").post("/users"));
  }

  private static void problem(int status, Response answer) {
    answer
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status))
        .body("code", not(emptyOrNullString()))
        .body("title", not(emptyOrNullString()));
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
}
