package dev.entrepot.identity;

import static dev.entrepot.identity.Management.basic;
import static dev.entrepot.identity.Management.bearer;
import static dev.entrepot.identity.Management.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.entrepot.clients.DockerEngine;
import dev.entrepot.clients.Program;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Users and clients of a real Keycloak: its groups are teams here. */
@OwnServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeycloakIT {
  private static final String PUSH = "repository:port/app:pull,push";

  private Keycloak keycloak;
  private RegistryServer server;
  private Management management;

  @BeforeAll
  void start() {
    keycloak = Keycloak.shared();
    server =
        Management.server()
            .environment("ENTREPOT_AUTH_OIDC_KEYCLOAK_ISSUER", keycloak.issuer().toString())
            .environment("ENTREPOT_AUTH_OIDC_KEYCLOAK_CLIENT_ID", "entrepot")
            .environment("ENTREPOT_AUTH_OIDC_KEYCLOAK_CLIENT_SECRET", "entrepot-secret")
            .start();
    management = new Management(server);
    management.team("port", "pilots", "keycloak", "harbour-masters", "write");
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void idTokenIsExchangedForATokenOfTheGroupsRights() {
    HttpResponse<String> token = management.exchange(keycloak.idToken("marie"), PUSH);
    assertThat(management.push("port/app", bearer(token))).isEqualTo(202);
  }

  @Test
  void userOutsideOfTheGroupGetsATokenThatMayNotPush() {
    HttpResponse<String> token = management.exchange(keycloak.idToken("gaston"), PUSH);
    assertThat(management.push("port/app", bearer(token))).isEqualTo(401);
  }

  @Test
  void userNamedLikeALocalOneDoesNotBecomeThatOne() {
    assertThat(management.exchange(keycloak.idToken("admin"), PUSH).statusCode()).isEqualTo(403);
  }

  @Test
  void tokenOfAnotherClientIsNobodysUntilARuleSaysWhichRobots() {
    assertThat(management.exchange(keycloak.clientToken(), PUSH).statusCode()).isEqualTo(401);
    management.robot("port", "builder", "write");
    management.admin(
        "POST",
        "/api/v1/issuers",
        "{\"name\":\"realm\",\"issuer\":\"%s\",\"audience\":\"entrepot\"}"
            .formatted(keycloak.issuer()));
    management.admin(
        "POST",
        "/api/v1/organisations/port/robots/builder/rules",
        "{\"issuer\":\"realm\",\"claims\":{\"azp\":\"builder\"}}");
    HttpResponse<String> token = management.exchange(keycloak.clientToken(), PUSH);
    assertThat(management.push("port/app", bearer(token))).isEqualTo(202);
    // Its users' ID tokens are still theirs.
    token = management.exchange(keycloak.idToken("marie"), PUSH);
    assertThat(management.push("port/app", bearer(token))).isEqualTo(202);
  }

  @Test
  void deviceFlowEndsWithAPasswordForDockerLogin() throws Exception {
    HttpResponse<String> started = post("/login/device", "{\"provider\":\"keycloak\"}");
    assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
    JsonNode code = json(started);
    String ask =
        "{\"provider\":\"keycloak\",\"device_code\":\"%s\"}"
            .formatted(code.path("device_code").asText());
    HttpResponse<String> early = post("/login/device/token", ask);
    assertThat(early.statusCode()).isEqualTo(400);
    assertThat(json(early).path("error").asText()).isEqualTo("authorization_pending");

    try (Browser browser = new Browser()) {
      browser.allowDevice(code.path("verification_uri_complete").asText(), "marie");
    }

    JsonNode done = awaitDone(ask);
    assertThat(done.path("username").asText()).isEqualTo("marie");
    String password = basic("marie", done.path("token").asText());
    assertThat(management.push("port/app", password)).isEqualTo(202);
  }

  @Test
  void groupMemberPushesAndPullsWithDocker(@TempDir Path directory) throws IOException {
    try (DockerEngine engine = DockerEngine.start(UnaryOperator.identity())) {
      Program docker = engine.docker();
      String image = server.url().getAuthority() + "/port/docker:1";
      Files.writeString(directory.resolve("Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
      engine.build(directory, image);
      Path idToken = Files.writeString(directory.resolve("token"), keycloak.idToken("marie"));
      docker
          .input(idToken)
          .run("login", "--username", "oidc", "--password-stdin", server.url().getAuthority());
      docker.run("push", image);
      engine.forgetEverything();
      docker.run("pull", image);
    }
  }

  @Test
  void browserLoginEndsWithASessionOfTheManagementApi() throws Exception {
    try (Browser browser = new Browser()) {
      HttpResponse<String> end =
          browser.logIn(server.url().resolve("/login/oidc/keycloak").toString(), "marie");
      assertThat(end.body()).isEqualTo("Signed in as marie\n");
      HttpResponse<String> user = browser.get(server.url().resolve("/api/v1/user").toString());
      assertThat(user.statusCode()).as(user.body()).isEqualTo(200);
      assertThat(json(user).path("name").asText()).isEqualTo("marie");
    }
  }

  @Test
  void unknownProviderIsNoLogin() {
    assertThat(management.send(management.request("/login/oidc/other").GET()).statusCode())
        .isBetween(400, 499);
  }

  private JsonNode awaitDone(String ask) {
    HttpResponse<String>[] last = new HttpResponse[1];
    org.awaitility.Awaitility.await()
        .pollInterval(java.time.Duration.ofMillis(1100))
        .until(
            () -> {
              last[0] = post("/login/device/token", ask);
              return last[0].statusCode() == 200;
            });
    return json(last[0]);
  }

  private HttpResponse<String> post(String path, String body) {
    return management.send(
        management
            .request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }
}
