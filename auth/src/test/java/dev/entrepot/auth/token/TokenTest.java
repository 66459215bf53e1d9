package dev.entrepot.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSObject;
import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What is issued is accepted, for as long as it should be. Forgeries: {@link ForgedTokenTest}. */
class TokenTest {
  private static final Subject ANNA =
      new Subject(Subject.Kind.USER, 5, "anna", "token:12", Limits.NONE);
  private static final String SEEN = "7:9:8";
  private static final List<Access> ACCESS =
      List.of(
          new Access(
              "repository",
              "library/nginx",
              Set.of(Action.PULL, Action.PUSH, Action.RETAG),
              Set.of(Action.RETAG)),
          new Access("repository", "other", Set.of()),
          new Access("registry", "catalog", Set.of(Action.CATALOG)));

  private Instant now = Instant.parse("2026-03-01T12:00:00.123Z");
  private final FakeKeyRing keys = new FakeKeyRing(SigningKey.generate());
  private final TokenIssuer issuer =
      new TokenIssuer("https://r.example", "r.example", Duration.ofMinutes(5), keys, () -> now);
  private final TokenVerifier verifier =
      new TokenVerifier("https://r.example", "r.example", keys, () -> now);

  @Test
  void whatIsIssuedIsRead() {
    TokenIssuer.Issued issued = issuer.issue(ANNA, ACCESS, SEEN);
    RegistryToken read = verifier.verify(issued.text());
    assertEquals(issued.token(), read);
    assertEquals(ACCESS, read.access());
    assertEquals(
        new Subject(Subject.Kind.USER, 5, "anna", "token:12", new Limits.Granted(ACCESS)),
        read.subject());
    assertEquals(now, read.issuedAt());
    assertEquals(Instant.parse("2026-03-01T12:05:00Z"), read.expiresAt());
  }

  @Test
  void robotsAndNobodyAreRead() {
    Subject robot =
        new Subject(Subject.Kind.ROBOT, Long.MAX_VALUE / 10, "acme+ci", "token:1", Limits.NONE);
    assertEquals(
        robot.account(),
        verifier.verify(issuer.issue(robot, ACCESS, SEEN).text()).subject().account());
    RegistryToken nobody = verifier.verify(issuer.issue(Subject.ANONYMOUS, ACCESS, SEEN).text());
    assertTrue(nobody.subject().isAnonymous());
    assertEquals("", nobody.subject().account());
    assertEquals(ACCESS, nobody.access());
  }

  @Test
  @SuppressWarnings("unchecked")
  void theClaimsAreThoseOfTheProtocol() throws Exception {
    JWSObject jws = JWSObject.parse(issuer.issue(ANNA, ACCESS, SEEN).text());
    Map<String, Object> claims = jws.getPayload().toJSONObject();
    assertEquals(
        Set.of("iss", "sub", "aud", "iat", "nbf", "exp", "jti", "uid", "cid", "seen", "access"),
        claims.keySet());
    assertEquals("anna", claims.get("sub"));
    assertEquals("user:5", claims.get("uid"));
    assertEquals("token:12", claims.get("cid"));
    assertEquals(1772366400L, claims.get("nbf"));
    assertEquals(1772366700L, claims.get("exp"));
    assertEquals(1772366400.123, claims.get("iat"));
    var access = (List<Map<String, Object>>) claims.get("access");
    assertEquals(
        Map.of(
            "type",
            "repository",
            "name",
            "library/nginx",
            "actions",
            List.of("pull", "push"),
            "also",
            List.of("retag")),
        access.get(0));
    assertEquals(
        Map.of("type", "repository", "name", "other", "actions", List.of()), access.get(1));
    assertEquals(
        Map.of("type", "registry", "name", "catalog", "actions", List.of("*")), access.get(2));
    assertEquals(keys.current().kid(), jws.getHeader().getKeyID());
  }

  @Test
  void theNobodyOfATokenHasNoName() throws Exception {
    JWSObject jws = JWSObject.parse(issuer.issue(Subject.ANONYMOUS, List.of(), SEEN).text());
    assertEquals("", jws.getPayload().toJSONObject().get("sub"));
    assertEquals("", jws.getPayload().toJSONObject().get("uid"));
  }

  @Property(tries = 20)
  void theTimeOfIssueIsKeptToTheMillisecond(
      @ForAll @LongRange(min = 1_000_000_000_000L, max = 9_000_000_000_000L) long millis) {
    now = Instant.ofEpochMilli(millis);
    assertEquals(now, verifier.verify(issuer.issue(ANNA, ACCESS, SEEN).text()).issuedAt());
  }

  @Test
  void itIsGoodUntilItExpiresAndAMinuteForTheClocks() {
    String text = issuer.issue(ANNA, ACCESS, SEEN).text();
    Instant start = now;
    now = Instant.parse("2026-03-01T12:05:59.999Z");
    verifier.verify(text);
    now = Instant.parse("2026-03-01T12:06:00Z");
    var refused = assertThrows(TokenRefusedException.class, () -> verifier.verify(text));
    assertEquals(TokenRefusedException.Reason.EXPIRED, refused.reason());
    now = start.minusSeconds(60);
    verifier.verify(text);
    now = start.minusSeconds(61);
    refused = assertThrows(TokenRefusedException.class, () -> verifier.verify(text));
    assertEquals(TokenRefusedException.Reason.INVALID, refused.reason());
  }

  @Test
  void aRotatedKeyIsGoodWhileTheRingHasIt() {
    String old = issuer.issue(ANNA, ACCESS, SEEN).text();
    keys.keys.add(SigningKey.generate());
    String current = issuer.issue(ANNA, ACCESS, SEEN).text();
    verifier.verify(old);
    verifier.verify(current);
    keys.keys.removeFirst();
    verifier.verify(current);
    assertThrows(TokenRefusedException.class, () -> verifier.verify(old));
  }

  @Test
  void noTwoTokensHaveOneId() {
    assertNotEquals(
        issuer.issue(ANNA, ACCESS, SEEN).token().id(),
        issuer.issue(ANNA, ACCESS, SEEN).token().id());
  }

  @Test
  void itIsNeverPrinted() {
    TokenIssuer.Issued issued = issuer.issue(ANNA, ACCESS, SEEN);
    assertFalse(issued.toString().contains(issued.text()));
  }

  @Test
  void theLargestRequestMakesATokenThatIsAccepted() {
    String name = "a".repeat(Scopes.MAX_LENGTH / Scopes.MAX_COUNT - 16);
    List<String> asked =
        IntStream.range(10, 10 + Scopes.MAX_COUNT)
            .mapToObj(i -> "repository:" + i + name + ":*")
            .toList();
    List<Access> all =
        Scopes.parse(asked).stream().map(scope -> scope.granted(scope.asked())).toList();
    assertEquals(all, verifier.verify(issuer.issue(ANNA, all, SEEN).text()).access());
  }

  @Test
  void aTokenLivesAMinuteAtLeast() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new TokenIssuer("i", "a", Duration.ofSeconds(59), keys, () -> now));
  }
}
