package dev.entrepot.management;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever has a representation is changed and deleted only as the caller has seen it. */
@QuarkusTest
@TestProfile(ManagementServer.class)
class ConditionsIT extends ManagementCalls {
  private static final String JSON = "application/json";
  private static final String MARKDOWN = "text/markdown";
  private static final String GRANT =
      "{\"grantee\":{\"kind\":\"user\",\"name\":\"admin\"},\"role\":\"%s\"}";

  @Test
  void users() {
    String path = "/users/" + user();
    change(path, "PATCH", "{\"email\":\"a@example.org\"}", "{\"email\":null}");
    delete(path);
  }

  @Test
  void organisations() {
    String path = "/organisations/" + organisation("admin");
    change(path, "PATCH", "{\"membersCreate\":false}", "{\"membersCreate\":true}");
    String tag = tag(path);
    put(path + "/quota", tag, JSON, "{\"bytes\":1}", 200);
    put(path + "/quota", tag, JSON, "{\"bytes\":2}", 412);
    delete(path);
  }

  @Test
  void members() {
    String path = "/organisations/" + organisation("admin") + "/members/" + user();
    put(path, "*", JSON, "{\"owner\":true}", 412);
    put(path, null, JSON, "{\"owner\":true}", 200);
    change(path, "PUT", "{\"owner\":false}", "{\"owner\":true}");
    delete(path);
  }

  @Test
  void teams() {
    String teams = "/organisations/" + organisation("admin") + "/teams";
    as("admin").body("{\"name\":\"core\"}").post(teams).then().statusCode(201);
    String one = "{\"provider\":\"corp\",\"group\":\"devs\"}";
    String other = "{\"provider\":\"corp\",\"group\":\"ops\"}";
    String groups = teams + "/core/groups";
    change(groups, "PUT", "{\"groups\":[" + one + "]}", "{\"groups\":[]}");
    change(groups, "PUT", "{\"groups\":[" + one + "," + other + "]}", "{\"groups\":[]}");
    delete(teams + "/core");
  }

  @Test
  void robots() {
    String organisation = organisation("admin");
    String path = "/organisations/" + organisation + "/robots/" + robot(organisation, "admin");
    change(path, "PATCH", "{\"disabled\":true}", "{\"disabled\":false}");
    delete(made(path + "/secrets", "{\"name\":\"x\"}", "token.id"));
    delete(path);
  }

  @Test
  void tokens() {
    delete(made("/user/tokens", "{\"name\":\"x\"}", "token.id"));
  }

  @Test
  void grants() {
    String organisation = organisation("admin");
    for (String place :
        List.of(
            "/organisations/" + organisation, "/repositories/" + repository(organisation) + "/-")) {
      String grant = made(place + "/grants", GRANT.formatted("read"), "id");
      String tag = tag(grant);
      made(place + "/grants", GRANT.formatted("write"), "id");
      as("admin").header("If-Match", tag).delete(grant).then().statusCode(412);
      delete(grant);
    }
  }

  @Test
  void repositories() {
    String path = "/repositories/" + repository(organisation("admin"));
    change(path, "PATCH", "{\"description\":\"a\"}", "{\"description\":\"b\"}");
    String readme = path + "/-/readme";
    put(readme, "*", MARKDOWN, "# a", 412);
    put(readme, null, MARKDOWN, "# a", 200);
    String tag = tag(readme);
    put(readme, tag, MARKDOWN, "# b", 200);
    put(readme, tag, MARKDOWN, "# c", 412);
    delete(readme);
  }

  /** Two changes, of which the second does not know of the first. */
  private static void change(String path, String method, String first, String second) {
    String tag = tag(path);
    String changed =
        as("admin")
            .header("If-Match", tag)
            .body(first)
            .request(method, path)
            .then()
            .statusCode(200)
            .extract()
            .header("ETag");
    assertNotEquals(tag, changed);
    as("admin").get(path).then().header("ETag", equalTo(changed));
    as("admin").header("If-Match", tag).body(second).request(method, path).then().statusCode(412);
  }

  private static void put(String path, String tag, String type, String body, int status) {
    var request = as("admin").contentType(type).body(body);
    if (tag != null) {
      request.header("If-Match", tag);
    }
    request.put(path).then().statusCode(status);
  }

  private static void delete(String path) {
    String tag = tag(path);
    as("admin").header("If-Match", "\"other\"").delete(path).then().statusCode(412);
    as("admin").header("If-Match", "\"other\", " + tag).delete(path).then().statusCode(204);
    as("admin").get(path).then().statusCode(404);
  }

  private static String tag(String path) {
    return as("admin").get(path).then().statusCode(200).extract().header("ETag");
  }

  private static String made(String path, String body, String id) {
    return path + "/" + as("admin").body(body).post(path).then().extract().<Integer>path(id);
  }
}
