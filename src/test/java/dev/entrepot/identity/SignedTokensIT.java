package dev.entrepot.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.auth.Subject;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.http.InvalidCredentialsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignedTokensIT {
  private static final String AUDIENCE = "registry.example.com";
  private static final String CLIENT = "entrepot";

  private TestDatabase postgres;
  private Database database;
  private TestIssuer issuer;
  private SignedTokens tokens;
  private Providers providers;
  private Instant now = Instant.now();

  @BeforeEach
  void open() {
    postgres = TestDatabase.open();
    database = postgres.database();
    issuer = new TestIssuer();
    var json = new ObjectMapper();
    var users = new ExternalUsers(database, new AccessChanges(null, null, null));
    var config =
        TestConfig.with(
            Map.of(
                "entrepot.auth.oidc.idp.issuer",
                issuer.name(),
                "entrepot.auth.oidc.idp.client-id",
                CLIENT,
                "entrepot.auth.oidc.idp.client-secret",
                "secret"));
    providers = new Providers(config, users);
    tokens =
        new SignedTokens(
            providers,
            new TrustRows(database, json),
            new IssuerDocuments(new HttpDocuments(), json, () -> now));
    update(
        """
        WITH organisation AS (
          INSERT INTO namespace (name, kind) VALUES ('acme', 'organisation') RETURNING id),
        robot AS (
          INSERT INTO robot (organisation_id, name) SELECT id, 'acme+ci' FROM organisation
          RETURNING id),
        issuer AS (
          INSERT INTO trusted_issuer (name, issuer, audience) VALUES ('ci', '%s', '%s')
          RETURNING id)
        INSERT INTO trust_rule (issuer_id, robot_id, claims)
        SELECT issuer.id, robot.id, '{"repository": "acme/*", "ref": "refs/heads/main"}'
        FROM issuer, robot
        """
            .formatted(issuer.name(), AUDIENCE));
  }

  @AfterEach
  void close() {
    issuer.close();
    postgres.close();
  }

  @Test
  void aTokenThatARuleMatchesIsTheRobots() {
    Subject robot = get(job("acme/app", "refs/heads/main"));
    assertEquals("acme+ci", robot.name());
    assertEquals(Subject.Kind.ROBOT, robot.kind());
  }

  @Test
  void aTokenThatNoRuleMatchesIsNobodys() {
    refused(job("acme/app", "refs/heads/other"));
    refused(job("evil/app", "refs/heads/main"));
    refused(issuer.token(Map.of("aud", AUDIENCE, "ref", "refs/heads/main")));
  }

  @Test
  void aTokenForAnotherAudienceIsNobodys() {
    refused(
        issuer.token(Map.of("aud", "other", "repository", "acme/app", "ref", "refs/heads/main")));
  }

  @Test
  void anExpiredTokenIsNobodys() {
    long past = Instant.now().minus(Duration.ofHours(1)).getEpochSecond();
    refused(
        issuer.token(
            Map.of(
                "aud",
                AUDIENCE,
                "repository",
                "acme/app",
                "ref",
                "refs/heads/main",
                "iat",
                past,
                "exp",
                past + 60)));
  }

  @Test
  void anIssuerThatIsNotTrustedIsNotAsked() {
    try (var stranger = new TestIssuer()) {
      refused(stranger.token(Map.of("aud", AUDIENCE)));
      assertEquals(0, stranger.fetches());
    }
  }

  @Test
  void aDisabledRobotIsNobody() {
    update("UPDATE robot SET disabled_at = now()");
    refused(job("acme/app", "refs/heads/main"));
  }

  @Test
  void keysAreFetchedOnceForManyTokens() {
    for (int i = 0; i < 5; i++) {
      get(job("acme/app", "refs/heads/main"));
    }
    assertEquals(1, issuer.fetches());
  }

  @Test
  void newKeysAreTakenUpWhenATokenNamesThem() {
    get(job("acme/app", "refs/heads/main"));
    issuer.rotate();
    now = now.plusSeconds(11);
    assertEquals("acme+ci", get(job("acme/app", "refs/heads/main")).name());
    assertEquals(2, issuer.fetches());
  }

  @Test
  void unknownKeysDoNotMakeTheIssuerBeAskedEachTime() {
    get(job("acme/app", "refs/heads/main"));
    issuer.rotate();
    for (int i = 0; i < 5; i++) {
      refused(job("acme/app", "refs/heads/main"));
    }
    assertEquals(1, issuer.fetches());
  }

  @Test
  void knownKeysOutliveAnIssuerThatIsDown() {
    String token = job("acme/app", "refs/heads/main");
    get(token);
    issuer.fail();
    now = now.plus(Duration.ofHours(1));
    assertEquals("acme+ci", get(token).name());
    now = now.plus(Duration.ofHours(6));
    unavailable(token);
  }

  @Test
  void anIssuerThatIsDownIsTriedAgainOnlyAfterAWhile() {
    issuer.fail();
    unavailable(job("acme/app", "refs/heads/main"));
    unavailable(job("acme/app", "refs/heads/main"));
    assertTrue(issuer.fetches() <= 1);
  }

  @Test
  void documentsTooLargeAreNotRead() {
    issuer.flood();
    unavailable(job("acme/app", "refs/heads/main"));
  }

  @Test
  void anIdTokenOfAProviderIsItsUsers() {
    Subject user = get(idToken(Map.of()));
    assertEquals("marie", user.name());
    assertEquals(Subject.Kind.USER, user.kind());
    assertEquals(user, get(idToken(Map.of("preferred_username", "renamed"))));
  }

  @Test
  void anIdTokenMadeForAnotherClientLogsNobodyIn() {
    refused(idToken(Map.of("azp", "shop", "aud", List.of("shop", CLIENT))));
    refused(idToken(Map.of("aud", "shop")));
  }

  @Test
  void aRefusedLoginIsRecordedWithoutItsToken() {
    List<AuditEvent> recorded = new ArrayList<>();
    var logins = new ProviderLogins(tokens, recorded::add);
    Providers.Provider provider = providers.find("idp").orElseThrow();
    assertEquals("marie", logins.logIn(provider, idToken(Map.of()), "device", "192.0.2.1").name());
    assertEquals(List.of(), recorded);
    String other = idToken(Map.of("azp", "shop"));
    assertThrows(
        InvalidCredentialsException.class,
        () -> logins.logIn(provider, other, "device", "192.0.2.1"));
    AuditEvent refused = recorded.getFirst();
    assertTrue(refused.refused());
    assertEquals(AuditKind.SIGN_IN, refused.kind());
    assertEquals("192.0.2.1", refused.actor().address());
    assertEquals(Map.of("method", "device", "provider", "idp"), refused.detail());
  }

  private Subject get(String token) {
    return tokens.get(token, null);
  }

  private void refused(String token) {
    assertThrows(InvalidCredentialsException.class, () -> get(token));
  }

  private void unavailable(String token) {
    assertEquals(
        ErrorCode.UNAVAILABLE, assertThrows(RegistryException.class, () -> get(token)).code());
  }

  private String job(String repository, String ref) {
    return issuer.token(Map.of("aud", AUDIENCE, "repository", repository, "ref", ref));
  }

  private String idToken(Map<String, Object> more) {
    Map<String, Object> claims =
        new java.util.HashMap<>(
            Map.of("aud", CLIENT, "azp", CLIENT, "sub", "u-1", "preferred_username", "marie"));
    claims.putAll(more);
    return issuer.token(claims);
  }

  private void update(String sql) {
    database.read(c -> Sql.update(c, sql));
  }
}
