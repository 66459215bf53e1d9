package dev.entrepot.auth.federation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.entrepot.auth.token.TokenRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FederationTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final TrustedIssuer GITHUB =
      new TrustedIssuer(
          "https://token.actions.githubusercontent.com", "registry.example", Optional.empty());
  private static final RSAKey RSA = rsa("r1");
  private static final ECKey EC = ec("e1", Curve.P_256);

  private final List<String> fetched = new ArrayList<>();
  private final List<JWK> known = new ArrayList<>(List.of(RSA, EC));
  private final List<JWK> newer = new ArrayList<>();
  private final ExternalTokenVerifier verifier =
      new ExternalTokenVerifier(
          new IssuerKeySource() {
            @Override
            public IssuerKeys known(TrustedIssuer issuer) {
              fetched.add("known");
              return keys(known);
            }

            @Override
            public IssuerKeys refreshed(TrustedIssuer issuer) {
              fetched.add("refreshed");
              return keys(newer);
            }
          },
          Duration.ofHours(2),
          () -> NOW);

  @Test
  void aTokenOfGithubIsReadAndMatched() throws Exception {
    ExternalToken token = verify(sign(RSA, JWSAlgorithm.RS256, github()));
    assertEquals("repo:acme/app:ref:refs/heads/main", token.subject());
    assertEquals(NOW.plusSeconds(300), token.expiresAt());
    assertTrue(rule("sub", "repo:acme/*:ref:refs/heads/main").matches(token));
    assertTrue(rule("repository", "acme/app", "ref", "refs/heads/*").matches(token));
    assertFalse(rule("repository", "acme/app", "ref", "refs/tags/*").matches(token));
    assertFalse(rule("repository", "acme/app", "environment", "*").matches(token));
    assertFalse(rule("repository", "acme").matches(token));
    assertFalse(rule("repository", "Acme/App").matches(token));
    assertTrue(rule("repository_id", "42").matches(token));
  }

  @Test
  void tokensOfGitlabAndKubernetesAreMatched() {
    ExternalToken gitlab =
        token(Map.of("project_path", "acme/app", "ref_protected", "true", "user_email", "a@b"));
    assertTrue(rule("project_path", "acme/*", "ref_protected", "true").matches(gitlab));
    ExternalToken kubernetes =
        token(
            Map.of(
                "sub",
                "system:serviceaccount:build:kaniko",
                "kubernetes.io",
                Map.of("namespace", "build", "serviceaccount", Map.of("name", "kaniko"))));
    assertTrue(rule("sub", "system:serviceaccount:build:*").matches(kubernetes));
    assertTrue(
        rule("/kubernetes.io/namespace", "build", "/kubernetes.io/serviceaccount/name", "kaniko")
            .matches(kubernetes));
    assertFalse(rule("/kubernetes.io/namespace", "prod").matches(kubernetes));
    assertFalse(rule("/kubernetes.io/pod/name", "kaniko*").matches(kubernetes));
    assertFalse(rule("kubernetes.io", "*build*").matches(kubernetes));
  }

  @Test
  void oneValueOfAnArrayIsEnoughAndNullIsNone() {
    ExternalToken token = token(Map.of("groups", List.of("dev", "ops", 7), "protected", true));
    assertTrue(rule("groups", "ops").matches(token));
    assertTrue(rule("groups", "7").matches(token));
    assertTrue(rule("protected", "true").matches(token));
    assertFalse(rule("groups", "admin").matches(token));
    assertFalse(rule("groups", "dev*ops").matches(token));
    Map<String, Object> empty = new LinkedHashMap<>();
    empty.put("groups", null);
    empty.put("list", List.of());
    empty.put("nested", List.of(List.of("x"), Map.of("x", "x")));
    assertFalse(rule("groups", "null", "x", "y").matches(token(empty)));
    assertFalse(rule("groups", "null").matches(token(empty)));
    assertFalse(rule("list", "x*").matches(token(empty)));
    assertFalse(rule("nested", "*x*").matches(token(empty)));
  }

  @Test
  void anEmailCountsOnlyWhenItIsVerified() {
    TrustRule rule = rule("email", "*@acme.example");
    assertTrue(rule.matches(token(Map.of("email", "anna@acme.example", "email_verified", true))));
    assertFalse(rule.matches(token(Map.of("email", "anna@acme.example"))));
    assertFalse(rule.matches(token(Map.of("email", "anna@acme.example", "email_verified", false))));
    assertFalse(
        rule.matches(token(Map.of("email", "anna@acme.example", "email_verified", "false"))));
    assertFalse(
        rule.matches(
            token(Map.of("email", "anna@acme.example.evil.example", "email_verified", true))));
  }

  @Test
  void aRuleIsOfOneIssuer() {
    TrustedIssuer other = new TrustedIssuer("https://other", "registry.example", Optional.empty());
    ExternalToken token = new ExternalToken(other, "x", NOW, Map.of("sub", "x"));
    assertFalse(rule("sub", "x").matches(token));
  }

  @Test
  void rulesThatTrustEverybodyAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new TrustRule(GITHUB, Map.of()));
    assertThrows(IllegalArgumentException.class, () -> rule("sub", "*"));
    assertThrows(IllegalArgumentException.class, () -> rule("sub", "**", "ref", "*"));
    assertThrows(IllegalArgumentException.class, () -> new ClaimPattern(""));
    assertThrows(IllegalArgumentException.class, () -> new ClaimPattern("x".repeat(513)));
    assertThrows(
        IllegalArgumentException.class, () -> new TrustedIssuer("https://x", "", Optional.empty()));
    assertFalse(new ClaimPattern("x*").matches("x".repeat(2049)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void algorithmsOfRsaAreKnown(String alg) throws Exception {
    verify(sign(RSA, JWSAlgorithm.parse(alg), github()));
  }

  @Test
  void algorithmsOfEllipticCurvesAreKnown() throws Exception {
    known.add(ec("e2", Curve.P_384));
    known.add(ec("e3", Curve.P_521));
    verify(sign(EC, JWSAlgorithm.ES256, github()));
    verify(sign(known.get(2), JWSAlgorithm.ES384, github()));
    verify(sign(known.get(3), JWSAlgorithm.ES512, github()));
  }

  @Test
  void sharedSecretsAndUnsignedTokensAreRefused() throws Exception {
    byte[] secret = RSA.toPublicKey().getEncoded();
    JWSObject mac =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1").build(), new Payload(github()));
    mac.sign(new MACSigner(secret));
    refused(mac.serialize());
    String none = "eyJhbGciOiJub25lIn0";
    refused(none + "." + new Payload(github()).toBase64URL() + ".");
    refused(none + "." + new Payload(github()).toBase64URL() + ".AA");
    assertTrue(fetched.isEmpty());
  }

  @Test
  void aKeyIsUsedForItsOwnAlgorithmAndPurposeOnly() throws Exception {
    RSAKey onlyPs = new RSAKey.Builder(RSA).keyID("ps").algorithm(JWSAlgorithm.PS256).build();
    RSAKey forEncryption = new RSAKey.Builder(RSA).keyID("enc").keyUse(KeyUse.ENCRYPTION).build();
    known.add(onlyPs);
    known.add(forEncryption);
    verify(sign(onlyPs, JWSAlgorithm.PS256, github()));
    refused(signAs("ps", RSA, JWSAlgorithm.RS256, github()));
    refused(signAs("enc", RSA, JWSAlgorithm.RS256, github()));
    refused(signAs("e1", RSA, JWSAlgorithm.RS256, github()));
    refused(signAs("r1", EC, JWSAlgorithm.ES256, github()));
    refused(signAs("r1", rsa("r1"), JWSAlgorithm.RS256, github()));
    RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
    known.add(weak);
    refused(sign(weak, JWSAlgorithm.RS256, github(), new RSASSASigner(weak.toPrivateKey(), true)));
  }

  @Test
  void anUnknownKeyIsLookedForOnceMore() throws Exception {
    RSAKey next = rsa("r2");
    newer.add(next);
    verify(sign(next, JWSAlgorithm.RS256, github()));
    assertEquals(List.of("known", "refreshed"), fetched);
    refused(signAs("r3", next, JWSAlgorithm.RS256, github()));
    refused(signAs("k".repeat(300), RSA, JWSAlgorithm.RS256, github()));
    refused(signAs(null, RSA, JWSAlgorithm.RS256, github()));
  }

  @Test
  void theIssuerIsComparedToTheLetter() throws Exception {
    for (Object other :
        Arrays.asList(
            GITHUB.issuer() + "/",
            GITHUB.issuer().toUpperCase(),
            "",
            null,
            List.of(GITHUB.issuer()))) {
      refused(sign(RSA, JWSAlgorithm.RS256, with("iss", other)));
    }
    assertTrue(fetched.isEmpty());
    String slash = sign(RSA, JWSAlgorithm.RS256, with("iss", GITHUB.issuer() + "/"));
    assertThrows(
        TokenRefusedException.class, () -> verifier.verify(slash, name -> Optional.of(GITHUB)));
  }

  @Test
  void theAudienceMustBeAmongThoseOfTheToken() throws Exception {
    verify(sign(RSA, JWSAlgorithm.RS256, with("aud", List.of("other", "registry.example"))));
    for (Object other :
        Arrays.asList(
            "other",
            "registry.example/",
            List.of(),
            List.of("other"),
            null,
            1,
            List.of(List.of("registry.example")),
            "other registry.example")) {
      refused(sign(RSA, JWSAlgorithm.RS256, with("aud", other)));
    }
  }

  @Test
  void timesMustBeThereAndFit() throws Exception {
    long now = NOW.getEpochSecond();
    refused(sign(RSA, JWSAlgorithm.RS256, with("nbf", now + 61)));
    refused(sign(RSA, JWSAlgorithm.RS256, with("iat", now + 61)));
    refused(sign(RSA, JWSAlgorithm.RS256, with("iat", null)));
    refused(sign(RSA, JWSAlgorithm.RS256, with("exp", null)));
    expired(sign(RSA, JWSAlgorithm.RS256, with("exp", now - 60)));
    verify(sign(RSA, JWSAlgorithm.RS256, with("exp", now - 59)));
    verify(sign(RSA, JWSAlgorithm.RS256, with("iat", now - 7200)));
    expired(sign(RSA, JWSAlgorithm.RS256, with("iat", now - 7201)));
  }

  @Test
  void whatIsOddIsRefused() throws Exception {
    refused(sign(RSA, JWSAlgorithm.RS256, with("sub", null)));
    refused(sign(RSA, JWSAlgorithm.RS256, with("sub", "")));
    refused(sign(RSA, JWSAlgorithm.RS256, with("x", "x".repeat(20_000))));
    refused("");
    refused("not a token");
    String good = sign(RSA, JWSAlgorithm.RS256, github());
    refused(good + "=");
    refused(good + ".x");
    refused(good.substring(0, good.length() - 2));
  }

  @Test
  void keysOfTheTokenItselfAreNotUsed() throws Exception {
    RSAKey own = rsa("own");
    JWSObject jws =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("own").jwk(own.toPublicJWK()).build(),
            new Payload(github()));
    jws.sign(new RSASSASigner(own));
    refused(jws.serialize());
  }

  @Test
  void documentsOfKeysHaveALimit() {
    assertThrows(IllegalArgumentException.class, () -> IssuerKeys.parse("[]"));
    assertThrows(IllegalArgumentException.class, () -> IssuerKeys.parse(" ".repeat(300_000)));
    String many = (RSA.toPublicJWK().toJSONString() + ",").repeat(101);
    assertThrows(
        IllegalArgumentException.class,
        () -> IssuerKeys.parse("{\"keys\":[" + many.substring(0, many.length() - 1) + "]}"));
  }

  private ExternalToken verify(String text) {
    return verifier.verify(
        text, name -> name.equals(GITHUB.issuer()) ? Optional.of(GITHUB) : Optional.empty());
  }

  private void refused(String text) {
    var refused = assertThrows(TokenRefusedException.class, () -> verify(text));
    assertEquals(TokenRefusedException.Reason.INVALID, refused.reason());
  }

  private void expired(String text) {
    var refused = assertThrows(TokenRefusedException.class, () -> verify(text));
    assertEquals(TokenRefusedException.Reason.EXPIRED, refused.reason());
  }

  private static Map<String, Object> github() {
    long now = NOW.getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", GITHUB.issuer());
    claims.put("aud", "registry.example");
    claims.put("sub", "repo:acme/app:ref:refs/heads/main");
    claims.put("repository", "acme/app");
    claims.put("repository_id", "42");
    claims.put("ref", "refs/heads/main");
    claims.put("iat", now);
    claims.put("nbf", now - 300);
    claims.put("exp", now + 300);
    return claims;
  }

  private static Map<String, Object> with(String name, Object value) {
    Map<String, Object> claims = github();
    claims.remove(name);
    if (value != null) {
      claims.put(name, value);
    }
    return claims;
  }

  private static ExternalToken token(Map<String, Object> claims) {
    return new ExternalToken(GITHUB, "x", NOW, claims);
  }

  private static TrustRule rule(String... namesAndPatterns) {
    Map<String, ClaimPattern> claims = new LinkedHashMap<>();
    for (int i = 0; i < namesAndPatterns.length; i += 2) {
      claims.put(namesAndPatterns[i], new ClaimPattern(namesAndPatterns[i + 1]));
    }
    return new TrustRule(GITHUB, claims);
  }

  private static String sign(JWK key, JWSAlgorithm algorithm, Map<String, Object> claims)
      throws Exception {
    return signAs(key.getKeyID(), key, algorithm, claims);
  }

  private static String signAs(
      String kid, JWK key, JWSAlgorithm algorithm, Map<String, Object> claims) throws Exception {
    JWSSigner signer =
        key instanceof RSAKey rsa
            ? new RSASSASigner(rsa.toPrivateKey())
            : new ECDSASigner(key.toECKey());
    JWSObject jws =
        new JWSObject(new JWSHeader.Builder(algorithm).keyID(kid).build(), new Payload(claims));
    jws.sign(signer);
    return jws.serialize();
  }

  private static String sign(
      JWK key, JWSAlgorithm algorithm, Map<String, Object> claims, JWSSigner signer)
      throws Exception {
    JWSObject jws =
        new JWSObject(
            new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), new Payload(claims));
    jws.sign(signer);
    return jws.serialize();
  }

  private static IssuerKeys keys(List<JWK> keys) {
    return IssuerKeys.parse(new JWKSet(keys).toString(true));
  }

  private static RSAKey rsa(String kid) {
    try {
      return new RSAKeyGenerator(2048).keyID(kid).generate();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static ECKey ec(String kid, Curve curve) {
    try {
      return new ECKeyGenerator(curve).keyID(kid).generate();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
