package dev.entrepot.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.access.AccessBeansForTests;
import dev.entrepot.access.Accounts;
import dev.entrepot.access.ChangeFeed;
import dev.entrepot.access.Revocations;
import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Authorizer;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.RepositoryPattern;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.secret.Secret;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.AuditNotes;
import dev.entrepot.http.InvalidCredentialsException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenServiceIT {
  private TestDatabase test;
  private Accounts accounts;
  private ChangeFeed changes;
  private RegistryTokens tokens;
  private Secrets secrets;
  private SecretUses uses;
  private Authorizer authorizer;
  private RefreshTokens refreshTokens;
  private TokenService service;
  private Subject anna;

  @BeforeEach
  void open() {
    test = TestDatabase.open();
    var database = test.database();
    var config = TestConfig.with(Map.of("entrepot.auth.mode", "on"));
    var metrics = new SimpleMeterRegistry();
    var revocations = new Revocations();
    accounts = new Accounts(database);
    changes = new ChangeFeed(database, revocations, config);
    authorizer = AccessBeansForTests.authorizer(database, changes, config);
    SigningKeys keys = new SigningKeys(database, config);
    keys.keep();
    tokens = new RegistryTokens(keys, changes, revocations, config, metrics);
    uses = new SecretUses(database);
    secrets = new Secrets(database, changes, uses, config, metrics);
    refreshTokens = new RefreshTokens(database, secrets, config);
    service =
        new TokenService(
            changes,
            authorizer,
            tokens,
            refreshTokens,
            new LoginRecords(metrics, AuditNotes.none()),
            config);
    changes.catchUp();
    anna = accounts.user("anna");
    accounts.repository("anna/app", "private");
    accounts.repository("acme/public", "public");
    accounts.repository("acme/private", "private");
  }

  @AfterEach
  void close() {
    test.close();
  }

  private TokenAnswer give(Subject subject, boolean offline, String... scopes) {
    return service.give(request(subject, null, offline, scopes));
  }

  private static TokenRequest request(
      Subject subject, @Nullable String of, boolean offline, String... scopes) {
    return new TokenRequest(
        "basic", of, List.of(scopes), "docker", offline, null, "192.0.2.1", () -> subject);
  }

  private List<Access> held(TokenAnswer answer) {
    Limits limits = verify(answer.token()).limits();
    return ((Limits.Granted) limits).access();
  }

  private Subject verify(String token) {
    return tokens.verify(token, token);
  }

  private void changed(String what) {
    accounts.run("INSERT INTO access_change (what) VALUES (?)", what);
    changes.catchUp();
  }

  /** A secret of a user, as its row is made. */
  private Secret secret(Secret.Kind kind, Subject owner, String @Nullable [] repositories) {
    Secret secret = Secret.generate(kind);
    accounts.run(
        "INSERT INTO access_token (hash, kind, user_id, name, repositories)"
            + " VALUES (?, ?, ?, 'test', ?)",
        secret.sha256(),
        kind.text(),
        owner.id(),
        repositories);
    return secret;
  }

  @Test
  void aTokenHoldsWhatIsAllowedOfWhatWasAsked() {
    List<Access> held =
        held(
            give(
                anna,
                false,
                "repository:anna/app:pull,push repository:acme/public:pull,push",
                "repository:acme/private:pull",
                "registry:catalog:*"));
    assertEquals(Set.of(Action.PULL), held.get(1).actions());
    assertEquals(Set.of(), held.get(2).actions());
    assertEquals(Set.of(Action.CATALOG), held.get(3).actions());
    assertTrue(held.get(0).actions().containsAll(Set.of(Action.PULL, Action.PUSH, Action.RETAG)));
  }

  @Test
  void whoeverHasNoAccountGetsATokenForWhatIsPublic() {
    TokenAnswer answer =
        give(Subject.ANONYMOUS, true, "repository:acme/public:pull repository:anna/app:pull");
    assertEquals(Set.of(Action.PULL), held(answer).get(0).actions());
    assertEquals(Set.of(), held(answer).get(1).actions());
    assertNull(answer.refreshToken());
  }

  @Test
  void aTokenOfAPartOfTheRegistryDoesNotListAllOfIt() {
    Limits limits = new Limits.Scoped(Set.of(Action.PULL), List.of(new RepositoryPattern("x")));
    Subject scoped = new Subject(anna.kind(), anna.id(), "anna", "token:1", limits);
    assertEquals(Set.of(), held(give(scoped, false, "registry:catalog:*")).getFirst().actions());
  }

  @Test
  void anotherServiceAndMalformedScopesAreSaidToBeWrong() {
    assertCode(ErrorCode.HEADER_INVALID, () -> service.give(request(anna, "elsewhere", false)));
    assertCode(ErrorCode.HEADER_INVALID, () -> give(anna, false, "repository:a b:pull"));
    assertNotNull(service.give(request(anna, "entrepot", false)).token());
  }

  @Test
  void aTokenIsNotHadWithAToken() {
    Subject bearer = verify(give(anna, false, "repository:anna/app:pull").token());
    assertCode(ErrorCode.UNAUTHORIZED, () -> give(bearer, false, "repository:anna/app:pull"));
  }

  @Test
  void aTokenIsKnownUntilItsAccountCredentialOrRepositoryIsRevoked() {
    for (String what : List.of("user:" + anna.id(), "credential:password", "repository:anna/app")) {
      String token =
          give(anna, false, "repository:library/x:pull repository:anna/app:pull").token();
      assertEquals("anna", verify(token).name());
      assertNotNull(tokens.known(token));
      changed(what);
      assertThrows(InvalidCredentialsException.class, () -> tokens.known(token), what);
      assertThrows(InvalidCredentialsException.class, () -> verify(token), what);
    }
  }

  @Test
  void aTokenIssuedAfterTheChangeIsGoodAtOnce() {
    changed("user:" + anna.id());
    String token = give(anna, false, "repository:anna/app:pull").token();
    assertEquals("anna", verify(token).name());
  }

  @Test
  void moreRightsAndOthersChangesRevokeNothing() {
    String token = give(anna, false, "repository:anna/app:pull").token();
    verify(token);
    changed("rights");
    changed("user:99999");
    assertNotNull(tokens.known(token));
  }

  @Test
  void aSecretIsItsOwnersOnly() {
    Secret secret = secret(Secret.Kind.PERSONAL, anna, null);
    var right = new BasicCredentials("anna", secret.text());
    assertNull(secrets.known(right));
    assertEquals(anna.id(), secrets.identify(right).id());
    assertNotNull(secrets.known(right));
    var wrong = new BasicCredentials("bert", secret.text());
    assertNull(secrets.known(wrong));
    assertThrows(InvalidCredentialsException.class, () -> secrets.identify(wrong));
  }

  @Test
  void aRevokedOrExpiredSecretIsNone() {
    Secret secret = secret(Secret.Kind.PERSONAL, anna, null);
    var credentials = new BasicCredentials("anna", secret.text());
    secrets.identify(credentials);
    accounts.run("UPDATE access_token SET expires_at = now() - interval '1 second'");
    changed("rights");
    assertNull(secrets.known(credentials));
    assertThrows(InvalidCredentialsException.class, () -> secrets.identify(credentials));
    accounts.run("UPDATE access_token SET expires_at = NULL, revoked_at = now()");
    assertThrows(InvalidCredentialsException.class, () -> secrets.identify(credentials));
  }

  @Test
  void aDisabledUsersSecretIsNone() {
    var credentials = new BasicCredentials("anna", secret(Secret.Kind.PERSONAL, anna, null).text());
    accounts.run("UPDATE user_account SET disabled_at = now()");
    assertThrows(InvalidCredentialsException.class, () -> secrets.identify(credentials));
  }

  @Test
  void whenASecretWasLastUsedIsRecordedLater() {
    Secret secret = secret(Secret.Kind.PERSONAL, anna, null);
    secrets.identify(new BasicCredentials("anna", secret.text()));
    assertEquals(0, used());
    uses.write();
    assertEquals(1, used());
  }

  @Test
  void aRefreshTokenHasTheLimitsOfWhatItWasGotWithAndEndsWithThat() {
    Secret secret = secret(Secret.Kind.PERSONAL, anna, new String[] {"anna/*"});
    Subject scoped = secrets.identify(new BasicCredentials("anna", secret.text()));
    String refresh = give(scoped, true).refreshToken();
    Subject refreshed = refreshTokens.use(refresh);
    assertEquals(scoped.limits(), refreshed.limits());
    assertEquals("anna", refreshed.name());
    String token = give(refreshed, false, "repository:anna/app:pull").token();
    verify(token);
    accounts.run("UPDATE access_token SET revoked_at = now() WHERE kind = 'personal'");
    changed("credential:" + scoped.credential());
    assertThrows(InvalidCredentialsException.class, () -> tokens.known(token));
    assertThrows(InvalidCredentialsException.class, () -> refreshTokens.use(refresh));
  }

  @Test
  void mayingMakeARepositoryIsNoRightInOneThatAnotherMakes() {
    accounts.member(accounts.organisation("club"), anna, false);
    Subject bearer =
        verify(
            give(anna, false, "repository:club/new:pull,push repository:library/x:pull").token());
    Set<Action> asked = Set.of(Action.PULL, Action.PUSH, Action.RETAG);
    assertTrue(authorizer.decide(bearer, asked, "club/new").allows());
    accounts.repository("club/new", "private");
    assertNull(authorizer.known(bearer, asked, "club/new"));
    assertEquals(Set.of(Action.PULL), authorizer.decide(bearer, asked, "club/new").allowed());
  }

  @Test
  void whatIsGoodForMinutesGetsNoRefreshToken() {
    for (String credential : List.of("rule:1", "certificate")) {
      assertNull(
          give(new Subject(anna.kind(), anna.id(), "anna", credential, Limits.NONE), true)
              .refreshToken(),
          credential);
    }
  }

  @Test
  void aPasswordReplacedMeanwhileGetsNoRefreshToken() {
    Supplier<Subject> checkedBefore =
        () -> {
          changed("user:" + anna.id());
          return anna;
        };
    var request =
        new TokenRequest("basic", null, List.of(), "", true, null, "192.0.2.1", checkedBefore);
    assertCode(ErrorCode.UNAUTHORIZED, () -> service.give(request));
    assertNotNull(give(anna, true).refreshToken());
  }

  @Test
  void aRefreshTokenIsNoPassword() {
    String refresh = give(anna, true).refreshToken();
    assertThrows(
        InvalidCredentialsException.class,
        () -> secrets.identify(new BasicCredentials("anna", String.valueOf(refresh))));
  }

  @Test
  void usingARefreshTokenProlongsIt() {
    String refresh = give(anna, true).refreshToken();
    accounts.run("UPDATE access_token SET expires_at = now() + interval '1 minute'");
    refreshTokens.use(refresh);
    boolean prolonged =
        test.database()
            .read(
                connection ->
                    Sql.exists(
                        connection,
                        "SELECT FROM access_token WHERE expires_at > now() + interval '80 days'"));
    assertTrue(prolonged);
  }

  private int used() {
    return test.database()
        .read(
            connection ->
                Sql.list(
                        connection,
                        "SELECT 1 FROM access_token WHERE last_used_at IS NOT NULL",
                        row -> 1)
                    .size());
  }

  private static void assertCode(ErrorCode code, org.junit.jupiter.api.function.Executable work) {
    assertEquals(code, assertThrows(RegistryException.class, work).code());
  }
}
