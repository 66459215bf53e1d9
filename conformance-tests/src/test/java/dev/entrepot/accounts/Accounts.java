package dev.entrepot.accounts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes accounts and gives rights through {@code /api/v1}, as the administrator or as somebody
 * else. What it is told to do must succeed.
 */
final class Accounts {
  /** Of every user that it makes, and of the administrator. */
  static final String PASSWORD = "a rather long passphrase";

  static final Login ADMINISTRATOR = new Login("admin", PASSWORD);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Registry registry;

  Accounts(Registry registry) {
    this.registry = registry;
  }

  /** The registry that the accounts are of. */
  Registry registry() {
    return registry;
  }

  /** A server with accounts, whose administrator is {@link #ADMINISTRATOR}. */
  static RegistryServer.Builder server() {
    return RegistryServer.builder()
        .options("--auth", "on")
        .environment("ENTREPOT_AUTH_ADMIN_PASSWORD", PASSWORD);
  }

  /**
   * Something that was issued and can be taken back.
   *
   * @param id what the management API knows it by
   * @param login what its owner signs in with
   */
  record Issued(long id, Login login) {}

  /** A request to {@code /api/v1} by somebody. */
  RequestSpecification as(Login login) {
    return registry
        .request()
        .basePath("/api/v1")
        .header("Authorization", login.basic())
        .contentType("application/json");
  }

  private RequestSpecification asAdministrator() {
    return as(ADMINISTRATOR);
  }

  /** A user of a new name. */
  Login newUser() {
    return newUser(false);
  }

  /** A user of a new name who looks after the registry. */
  Login newAdministrator() {
    return newUser(true);
  }

  private Login newUser(boolean administrator) {
    Login user = new Login(newName(), PASSWORD);
    ObjectNode body = object("name", user.name()).put("password", PASSWORD);
    post("/users", body.put("administrator", administrator));
    return user;
  }

  /** Keeps a user from doing anything, or lets them again. */
  void setDisabled(Login user, boolean disabled) {
    patch("/users/" + user.name(), JSON.createObjectNode().put("disabled", disabled));
  }

  void setPassword(Login user, String password) {
    asAdministrator()
        .body(object("newPassword", password).toString())
        .put("/users/" + user.name() + "/password")
        .then()
        .statusCode(204);
  }

  /** An organisation of a new name. */
  String newOrganisation(Login owner) {
    String name = newName();
    post("/organisations", object("name", name).put("owner", owner.name()));
    return name;
  }

  /** What a push makes in the organisation is then of this visibility. */
  void setDefaultVisibility(String organisation, String visibility) {
    patch("/organisations/" + organisation, object("defaultVisibility", visibility));
  }

  /** Lets every member make repositories in the organisation. */
  void letMembersCreate(String organisation) {
    patch("/organisations/" + organisation, JSON.createObjectNode().put("membersCreate", true));
  }

  void addMember(String organisation, Login user) {
    asAdministrator()
        .body(JSON.createObjectNode().put("owner", false).toString())
        .put("/organisations/" + organisation + "/members/" + user.name())
        .then()
        .statusCode(200);
  }

  void removeMember(String organisation, Login user) {
    asAdministrator()
        .delete("/organisations/" + organisation + "/members/" + user.name())
        .then()
        .statusCode(204);
  }

  /** A team of members; returns its name. */
  String newTeam(String organisation, Login... members) {
    String name = newName();
    post("/organisations/" + organisation + "/teams", object("name", name));
    for (Login member : members) {
      addMember(organisation, member);
      asAdministrator()
          .put("/organisations/" + organisation + "/teams/" + name + "/members/" + member.name())
          .then()
          .statusCode(204);
    }
    return name;
  }

  /** A robot of a new name and its secret, which ends then, or never. */
  Issued newRobot(String organisation, @Nullable Instant secretExpiresAt) {
    String name = newName();
    String robots = "/organisations/" + organisation + "/robots";
    post(robots, object("name", name));
    ObjectNode secret = object("name", "test");
    if (secretExpiresAt != null) {
      secret.put("expiresAt", secretExpiresAt.toString());
    }
    Response made = post(robots + "/" + name + "/secrets", secret);
    return issued(organisation + "+" + name, made);
  }

  Login newRobot(String organisation) {
    return newRobot(organisation, null).login();
  }

  /** Takes back the secret of a robot. */
  void revokeRobot(Issued secret) {
    String[] name = secret.login().name().split("\\+", -1);
    asAdministrator()
        .delete("/organisations/" + name[0] + "/robots/" + name[1] + "/secrets/" + secret.id())
        .then()
        .statusCode(204);
  }

  /** A personal access token with the whole of its user's rights. */
  Issued newToken(Login user) {
    return newToken(user, Map.of());
  }

  /**
   * A personal access token.
   *
   * @param limits {@code actions}, {@code repositories}, {@code expiresAt}, where there are any
   */
  Issued newToken(Login user, Map<String, ?> limits) {
    ObjectNode body = object("name", "test");
    limits.forEach((name, value) -> body.set(name, JSON.valueToTree(value)));
    Response made = as(user).body(body.toString()).post("/user/tokens");
    made.then().statusCode(201);
    return issued(user.name(), made);
  }

  /** Takes back a personal access token. */
  void revokeToken(Login user, Issued token) {
    as(user).delete("/user/tokens/" + token.id()).then().statusCode(204);
  }

  /** Gives a role in a repository; returns the grant's id. */
  long grant(String repository, String kind, String name, String role) {
    return grantAt("/repositories/" + repository + "/-/grants", kind, name, role);
  }

  /** Gives a user or robot a role in a repository. */
  long grant(String repository, Login login, String role) {
    int plus = login.name().indexOf('+');
    return plus < 0
        ? grant(repository, "user", login.name(), role)
        : grant(repository, "robot", login.name().substring(plus + 1), role);
  }

  /** Gives a user or robot a role in all repositories of an organisation. */
  void grantInOrganisation(String organisation, Login login, String role) {
    int plus = login.name().indexOf('+');
    grantAt(
        "/organisations/" + organisation + "/grants",
        plus < 0 ? "user" : "robot",
        login.name().substring(plus + 1),
        role);
  }

  void revokeGrant(String repository, long grant) {
    asAdministrator()
        .delete("/repositories/" + repository + "/-/grants/" + grant)
        .then()
        .statusCode(204);
  }

  void setVisibility(String repository, String visibility) {
    patch("/repositories/" + repository, object("visibility", visibility));
  }

  /** A name that nothing else has. */
  static String newName() {
    return Registry.uniqueName();
  }

  private long grantAt(String path, String kind, String name, String role) {
    ObjectNode body = JSON.createObjectNode().put("role", role);
    body.set("grantee", object("kind", kind).put("name", name));
    Response answer = asAdministrator().body(body.toString()).post(path);
    return answer.then().statusCode(200).extract().jsonPath().getLong("id");
  }

  private Response post(String path, ObjectNode body) {
    Response answer = asAdministrator().body(body.toString()).post(path);
    answer.then().statusCode(201);
    return answer;
  }

  private void patch(String path, ObjectNode body) {
    asAdministrator().body(body.toString()).patch(path).then().statusCode(200);
  }

  private static Issued issued(String name, Response made) {
    JsonPath json = made.jsonPath();
    return new Issued(json.getLong("token.id"), new Login(name, json.getString("secret")));
  }

  private static ObjectNode object(String name, String value) {
    return JSON.createObjectNode().put(name, value);
  }

  /** All names that somebody's catalogue shows. */
  List<String> catalogue(String authorization) {
    return registry
        .request()
        .header("Authorization", authorization)
        .get("/v2/_catalog?n=1000")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("repositories");
  }
}
