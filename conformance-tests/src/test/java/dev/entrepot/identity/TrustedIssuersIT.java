package dev.entrepot.identity;

import static dev.entrepot.identity.Management.basic;
import static dev.entrepot.identity.Management.bearer;
import static dev.entrepot.identity.Management.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** CI jobs that have no secret: their issuer's tokens are a robot's, by rules. */
@OwnServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrustedIssuersIT {
  private static final String AUDIENCE = "registry.example.com";
  private static final String PUSH = "repository:acme/app:pull,push";
  private static final String RULES = "/api/v1/organisations/acme/robots/ci/rules";
  private static final String RULE =
      "{\"issuer\":\"ci\",\"claims\":{\"sub\":\"repo:acme/*\",\"/git/ref\":\"refs/heads/main\"}}";

  private final TestIssuer issuer = new TestIssuer();
  private RegistryServer server;
  private Management management;

  @BeforeAll
  void start() {
    server = Management.server().start();
    management = new Management(server);
    management.organisation("acme");
    management.organisation("other");
    management.robot("acme", "ci", "write");
    management.robot("acme", "reader", "read");
    management.user("olga");
    management.admin("PUT", "/api/v1/organisations/acme/members/olga", "{\"owner\":true}");
    management.user("mallory");
  }

  @AfterAll
  void stop() {
    issuer.close();
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void trust() {
    if (management.send(management.as("admin", "/api/v1/issuers/ci").GET()).statusCode() == 200) {
      management.admin("DELETE", "/api/v1/issuers/ci", "");
    }
    management.admin("POST", "/api/v1/issuers", issuer("ci", issuer.name()));
    management.admin("POST", RULES, RULE);
  }

  private static String issuer(String name, String issuer) {
    return "{\"name\":\"%s\",\"issuer\":\"%s\",\"audience\":\"%s\"}"
        .formatted(name, issuer, AUDIENCE);
  }

  private Map<String, Object> job() {
    return issuer.claims(
        AUDIENCE, Map.of("sub", "repo:acme/app", "git", Map.of("ref", "refs/heads/main")));
  }

  private Map<String, Object> job(String claim, Object value) {
    Map<String, Object> claims = new LinkedHashMap<>(job());
    claims.put(claim, value);
    return claims;
  }

  private HttpResponse<String> exchange(String token) {
    return management.exchange(token, PUSH);
  }

  @Test
  void jobsTokenIsExchangedForTheRightsOfTheRobot() {
    String token = bearer(exchange(issuer.sign(job())));
    assertThat(management.push("acme/app", token)).isEqualTo(202);
    assertThat(management.push("other/app", token)).isEqualTo(401);
  }

  @Test
  void jobsTokenIsThePasswordOfTheRobotForDockerLogin() {
    String token = issuer.sign(job());
    assertThat(management.push("acme/app", basic("acme+ci", token))).isEqualTo(202);
    assertThat(management.push("acme/app", basic("oidc", token))).isEqualTo(202);
    assertThat(management.push("acme/app", basic("acme+reader", token))).isEqualTo(401);
    assertThat(management.push("acme/app", basic("admin", token))).isEqualTo(401);
  }

  @Test
  void whatAJobGetsEndsWithTheJob() {
    HttpResponse<String> answer =
        management.send(
            management
                .request("/token?service=entrepot&offline_token=true&scope=" + PUSH)
                .header("Authorization", basic("acme+ci", issuer.sign(job())))
                .GET());
    assertThat(json(answer).path("token").asText()).isNotEmpty();
    assertThat(json(answer).has("refresh_token")).isFalse();
  }

  @Test
  void tokensThatTheRuleIsNotForAreRefused() {
    refused(issuer.sign(job("sub", "repo:evil/app")));
    refused(issuer.sign(job("git", Map.of("ref", "refs/heads/feature"))));
    refused(issuer.sign(job("git", "refs/heads/main")));
    refused(issuer.sign(job("aud", "another.example.com")));
    refused(issuer.sign(job("iss", "https://another.example.com")));
  }

  @Test
  void tokensOfAnotherTimeAreRefused() {
    long now = Instant.now().getEpochSecond();
    refused(issuer.sign(job("exp", now - 120)));
    refused(issuer.sign(job("nbf", now + 3600)));
    refused(issuer.sign(job("iat", now - 48 * 3600)));
  }

  @Test
  void forgedTokensAreRefused() {
    refused(issuer.forge(job()));
    refused(issuer.unsigned(job()));
    refused(issuer.signedWithThePublicKey(job()));
    String token = issuer.sign(job());
    refused(token.substring(0, token.length() - 4) + "AAAA");
    refused("eyJ.eyJ.x");
  }

  private void refused(String token) {
    assertThat(exchange(token).statusCode()).as(token).isEqualTo(401);
    assertThat(management.push("acme/app", basic("oidc", token))).as(token).isEqualTo(401);
  }

  @Test
  void whatSeveralRobotsMayTakeIsTheNamedOnes() {
    String rules = "/api/v1/organisations/acme/robots/reader/rules";
    management.admin("POST", rules, RULE);
    String token = issuer.sign(job());
    refused(token);
    assertThat(management.push("acme/app", basic("acme+ci", token))).isEqualTo(202);
    assertThat(management.push("acme/app", basic("acme+reader", token))).isEqualTo(403);
    HttpResponse<String> named = management.exchange(token, "acme+ci", PUSH);
    assertThat(management.push("acme/app", bearer(named))).isEqualTo(202);
    assertThat(management.exchange(token, "acme+other", PUSH).statusCode()).isEqualTo(401);
  }

  @Test
  void rulesEndTogetherWithWhatWasGotByThem() {
    String token = bearer(exchange(issuer.sign(job())));
    assertThat(management.push("acme/app", token)).isEqualTo(202);
    long id =
        json(management.send(management.as("admin", RULES).GET())).path(0).path("id").asLong();
    management.admin("DELETE", RULES + "/" + id, "");
    await().until(() -> management.push("acme/app", token) == 401);
    refused(issuer.sign(job()));
  }

  @Test
  void issuersEndTogetherWithWhatWasGotByThem() {
    String token = bearer(exchange(issuer.sign(job())));
    management.admin("PATCH", "/api/v1/issuers/ci", "{\"audience\":\"another.example.com\"}");
    await().until(() -> management.push("acme/app", token) == 401);
    refused(issuer.sign(job()));
    String again = bearer(exchange(issuer.sign(job("aud", "another.example.com"))));
    management.admin("DELETE", "/api/v1/issuers/ci", "");
    await().until(() -> management.push("acme/app", again) == 401);
    refused(issuer.sign(job("aud", "another.example.com")));
  }

  @Test
  void ownersMakeRulesAndAdministratorsIssuers() {
    String issuers = "/api/v1/issuers";
    assertThat(as("olga", "GET", issuers, "")).isEqualTo(200);
    assertThat(as("olga", "POST", issuers, issuer("mine", "https://ci.example.com")))
        .isEqualTo(403);
    assertThat(as("olga", "DELETE", issuers + "/ci", "")).isEqualTo(403);
    assertThat(as("olga", "POST", RULES, RULE)).isEqualTo(201);
    assertThat(as("mallory", "POST", RULES, RULE)).isEqualTo(404);
  }

  @Test
  void rulesAndIssuersThatWouldTrustEverybodyAreRefused() {
    String rule = "{\"issuer\":\"ci\",\"claims\":%s}";
    assertThat(as("admin", "POST", RULES, rule.formatted("{}"))).isEqualTo(400);
    assertThat(as("admin", "POST", RULES, rule.formatted("{\"sub\":\"*\"}"))).isEqualTo(400);
    assertThat(as("admin", "POST", RULES, rule.formatted("{\"sub\":\"\"}"))).isEqualTo(400);
    assertThat(as("admin", "POST", RULES, RULE.replace("ci", "no"))).isEqualTo(404);
    assertThat(as("admin", "POST", "/api/v1/issuers", issuer("plain", "http://ci.example.com")))
        .isEqualTo(400);
    assertThat(as("admin", "POST", "/api/v1/issuers", issuer("twice", issuer.name())))
        .isEqualTo(409);
  }

  private int as(String user, String method, String path, String body) {
    return management
        .send(management.as(user, path).method(method, BodyPublishers.ofString(body)))
        .statusCode();
  }
}
