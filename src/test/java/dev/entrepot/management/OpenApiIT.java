package dev.entrepot.management;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.docs.GeneratedPage;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The description of the management API that a running server gives. */
@QuarkusTest
@TestProfile(ManagementServer.class)
class OpenApiIT {
  private static final List<String> METHODS = List.of("get", "put", "post", "patch", "delete");

  @Test
  void thePageIsWhatTheServerSays() {
    new GeneratedPage("docs/api/openapi.yaml").mustBe(document("yaml"));
  }

  @Test
  void everyOperationIsDescribed() throws Exception {
    JsonNode document = new ObjectMapper().readTree(document("json"));
    assertTrue(document.path("paths").size() > 20);
    for (var path : document.path("paths").properties()) {
      assertTrue(path.getKey().startsWith("/api/v1/"), path.getKey());
      for (var operation : path.getValue().properties()) {
        if (METHODS.contains(operation.getKey())) {
          described(operation.getKey() + " " + path.getKey(), operation.getValue());
        }
      }
    }
  }

  private static void described(String name, JsonNode operation) {
    assertFalse(operation.path("summary").asText().isEmpty(), name + " has a summary");
    assertFalse(operation.path("tags").isEmpty(), name + " has a tag");
    JsonNode responses = operation.path("responses");
    assertTrue(responses.has("default"), name + " has problems");
    boolean success =
        responses.properties().stream()
            .anyMatch(
                response ->
                    response.getKey().equals("204")
                        || response.getKey().startsWith("20")
                            && response.getValue().has("content"));
    assertTrue(success, name + " says what it answers");
    for (JsonNode parameter : operation.path("parameters")) {
      assertTrue(parameter.has("$ref") || parameter.has("description"), name + parameter);
    }
  }

  private static String document(String format) {
    return given()
        .get("/api/v1/openapi?format=" + format)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }
}
