package dev.entrepot.management;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OpenServer.class)
class OpenServerIT {
  @Test
  void everybodyMayDoEverythingButWhatNeedsAnAccount() {
    call().body("{\"name\":\"alice\"}").post("/users").then().statusCode(201);
    call()
        .header("Idempotency-Key", "1")
        .body("{\"name\":\"acme\",\"owner\":\"alice\"}")
        .post("/organisations")
        .then()
        .statusCode(201);
    call().get("/organisations").then().statusCode(200).body("[0].name", equalTo("acme"));
    call().get("/repositories").then().statusCode(200);
    call().get("/user").then().statusCode(401);
    call().get("/user/tokens").then().statusCode(401);
  }

  private static RequestSpecification call() {
    return given().basePath("/api/v1").contentType("application/json");
  }
}
