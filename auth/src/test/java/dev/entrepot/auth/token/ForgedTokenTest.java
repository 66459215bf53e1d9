package dev.entrepot.auth.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that somebody made up or changed. Each differs in one thing from one that is accepted. */
class ForgedTokenTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Subject ANNA =
      new Subject(Subject.Kind.USER, 5, "anna", "password", Limits.NONE);
  private static final String ORDER =
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

  private final FakeKeyRing keys = new FakeKeyRing(KEY);
  private final TokenVerifier verifier =
      new TokenVerifier("https://r.example", "r.example", keys, () -> NOW);
  private final String good =
      new TokenIssuer("https://r.example", "r.example", Duration.ofMinutes(5), keys, () -> NOW)
          .issue(ANNA, List.of(new Access("repository", "a", Set.of(Action.PULL))), "")
          .text();
  private final String header = header("");
  private final String claims = new String(decode(good.split("\\.")[1]), UTF_8);

  @Test
  void whatTheTestsSignThemselvesIsAcceptedWhenNothingIsChanged() throws Exception {
    assertEquals("anna", verifier.verify(signed(header, claims)).subject().name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
  void unsignedTokensAreRefused(String alg) {
    String forged = encode(header.replace("ES256", alg)) + "." + encode(claims) + ".";
    refused(forged);
    refused(forged + "AA");
    refused(forged.substring(0, forged.length() - 1));
  }

  @Test
  void thePublicKeyIsNoSharedSecret() throws Exception {
    String jwk = KEY.jwk().toPublicJWK().toJSONString();
    for (byte[] secret : List.of(KEY.encodedPublic(), jwk.getBytes(UTF_8))) {
      String input = encode(header.replace("ES256", "HS256")) + "." + encode(claims);
      var mac =
          new MACSigner(secret).sign(new JWSHeader(JWSAlgorithm.HS256), input.getBytes(UTF_8));
      refused(input + "." + mac);
    }
  }

  @Test
  void anotherKeyUnderTheNameOfOursIsRefused() throws Exception {
    refused(signed(SigningKey.generate(), header, claims));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES384", "ES512", "ES256K", "RS256", "PS256", "EdDSA", "es256", "ES256 "})
  void otherAlgorithmsAreRefused(String alg) throws Exception {
    refused(signed(header.replace("ES256", alg), claims));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "..\\\\..\\\\x",
        "/dev/null",
        "\\u0000",
        "' OR 1=1 --",
        "https://evil.example/key",
        "",
        " "
      })
  void strangeKeyNamesNeverReachTheRing(String kid) throws Exception {
    refused(signed(header.replace(KEY.kid(), kid), claims));
    refused(signed(header.replace(KEY.kid(), KEY.kid() + kid + "x"), claims));
    refused(signed(header.replace(KEY.kid(), "k".repeat(5000)), claims));
    refused(signed("{\"alg\":\"ES256\",\"typ\":\"JWT\"}", claims));
    refused(signed(header.replace("\"" + KEY.kid() + "\"", "null"), claims));
    refused(signed(header.replace("\"" + KEY.kid() + "\"", "7"), claims));
    assertTrue(keys.asked.isEmpty());
  }

  @Test
  void anUnknownKeyNameIsRefused() throws Exception {
    refused(signed(header.replace(KEY.kid(), SigningKey.generate().kid()), claims));
  }

  @Test
  void headersThatBringAKeyOrAskForSomethingAreRefused() throws Exception {
    SigningKey own = SigningKey.generate();
    String jwk = own.jwk().toPublicJWK().toJSONString();
    for (String more :
        List.of(
            "\"jwk\":" + jwk,
            "\"jku\":\"https://evil.example/jwks\"",
            "\"x5u\":\"https://evil.example/cert\"",
            "\"x5c\":[\"MIIB\"]",
            "\"crit\":[\"exp\"],\"exp\":1",
            "\"crit\":[]",
            "\"b64\":false",
            "\"cty\":\"JWT\"",
            "\"zip\":\"DEF\"",
            "\"custom\":1")) {
      refused(signed(own, header("," + more), claims));
      refused(signed(header("," + more), claims));
    }
  }

  @Test
  void issuerAndAudienceMustBeOurs() throws Exception {
    for (String other :
        List.of(
            "\"https://r.example/\"",
            "\"https://R.example\"",
            "\"https://evil.example\"",
            "\"https://r.example\\u0000\"",
            "[\"https://r.example\"]",
            "null",
            "1")) {
      refused(signed(header, claims.replace("\"iss\":\"https://r.example\"", "\"iss\":" + other)));
    }
    for (String other :
        List.of("\"other\"", "[\"other\",\"r.example\"]", "[]", "null", "\"r.example.evil\"")) {
      refused(signed(header, claims.replace("\"aud\":\"r.example\"", "\"aud\":" + other)));
    }
    refused(signed(header, claims.replace("\"aud\"", "\"audience\"")));
  }

  @Test
  void timesMustBeThereAndFit() throws Exception {
    long now = NOW.getEpochSecond();
    for (String wrong :
        List.of(
            "\"nbf\":" + (now + 61), "\"nbf\":\"" + now + "\"", "\"nbf\":null", "\"nbf\":1e300")) {
      refused(signed(header, claims.replaceFirst("\"nbf\":[0-9]+", wrong)));
    }
    for (String wrong :
        List.of(
            "\"iat\":" + (now + 61), "\"iat\":-1", "\"iat\":1e400", "\"i\":1", "\"iat\":true")) {
      refused(signed(header, claims.replaceFirst("\"iat\":[0-9.]+", wrong)));
    }
    for (String wrong :
        List.of("\"e\":1", "\"exp\":\"9999999999\"", "\"exp\":null", "\"exp\":99999999999999")) {
      refused(signed(header, claims.replaceFirst("\"exp\":[0-9]+", wrong)));
    }
    var expired =
        assertThrows(
            TokenRefusedException.class,
            () ->
                verifier.verify(
                    signed(
                        header, claims.replaceFirst("\"exp\":[0-9]+", "\"exp\":" + (now - 60)))));
    assertEquals(TokenRefusedException.Reason.EXPIRED, expired.reason());
  }

  @Test
  void whatIsSaidTwiceIsRefused() throws Exception {
    refused(signed(header, claims.replaceFirst("\\{", "{\"uid\":\"user:1\",")));
    refused(signed(header, claims.substring(0, claims.length() - 1) + ",\"uid\":\"user:1\"}"));
    refused(signed(header(",\"alg\":\"ES256\""), claims));
    refused(signed(header(",\"kid\":\"" + KEY.kid() + "\""), claims));
  }

  @Test
  void whatFollowsTheTokenOrItsPartsIsRefused() throws Exception {
    for (String tail : List.of(".", ".x", "\n", " ", "=", "\u0000", ",x", "%00", "é")) {
      refused(good + tail);
      refused(tail + good);
    }
    refused(signed(header, claims + "{}"));
    refused(signed(header, claims + "x"));
    refused(signed(header + "x", claims));
    refused(signed(header, "[" + claims + "]"));
    refused(signed(header, "\"text\""));
    refused(signed(header, ""));
    refused("");
    refused("..");
    refused(good + "." + good);
  }

  @Test
  void oversizedTokensAreRefusedBeforeTheyAreReadAtAll() throws Exception {
    String padding = ",\"x\":\"" + "x".repeat(TokenVerifier.MAX_LENGTH) + "\"}";
    String large = signed(header, claims.substring(0, claims.length() - 1) + padding);
    refused(large);
    refused("a".repeat(TokenVerifier.MAX_LENGTH + 1));
    assertTrue(keys.asked.isEmpty());
  }

  @Test
  void charactersThatLookAlikeAreNotAlike() {
    refused(good.replaceFirst("e", "е")); // Cyrillic
    refused(good.replace('.', '。'));
    refused("\uFEFF" + good);
    refused(good.replace(".", "\u200B."));
    refused(good.replaceFirst("e", "ｅ")); // full width
  }

  @Test
  void claimsOfTheWrongShapeAreRefused() throws Exception {
    for (String uid :
        List.of(
            "\"user:0\"",
            "\"user:-1\"",
            "\"user:05\"",
            "\"admin:1\"",
            "\"user:1 \"",
            "5",
            "null",
            "\"user:99999999999999999999\"",
            "\"user:١\"")) {
      refused(signed(header, claims.replace("\"uid\":\"user:5\"", "\"uid\":" + uid)));
    }
    for (String wrong : List.of("[1]", "[[]]", "[{}]", "[{\"type\":\"repository\"}]", "[null]")) {
      refused(signed(header, claims.replaceFirst("\"access\":\\[.*]}]", "\"access\":" + wrong)));
    }
    refused(signed(header, claims.replace("\"cid\":\"password\"", "\"cid\":7")));
    refused(signed(header, claims.replace("\"jti\"", "\"id\"")));
    refused(signed(header, claims.replace("\"seen\"", "\"saw\"")));
  }

  @Test
  void unknownActionsAllowNothing() throws Exception {
    String text = signed(header, claims.replace("[\"pull\"]", "[\"fly\",7,\"PUSH\"]"));
    assertEquals(List.of(new Access("repository", "a", Set.of())), verifier.verify(text).access());
  }

  @Property(tries = 200)
  void anyOtherCharacterAnywhereIsNoticed(@ForAll @IntRange(max = 10_000) int place) {
    int at = place % good.length();
    char other = good.charAt(at) == 'A' ? 'B' : 'A';
    refused(good.substring(0, at) + other + good.substring(at + 1));
  }

  @Test
  void aSignatureHasOneText() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(good.charAt(good.length() - 1));
    for (int spare = 1; spare < 16; spare++) {
      char other = alphabet.charAt((last & 0b110000) | ((last + spare) & 0b001111));
      refused(good.substring(0, good.length() - 1) + other);
    }
    refused(good + "==");
    refused(good.replace('-', '+').replace('_', '/') + "+");
  }

  @Test
  void degenerateSignaturesAreRefused() {
    String input = good.substring(0, good.lastIndexOf('.') + 1);
    byte[] order = new BigInteger(ORDER, 16).toByteArray();
    byte[] twice = new byte[64];
    System.arraycopy(order, 1, twice, 0, 32);
    System.arraycopy(order, 1, twice, 32, 32);
    refused(input + encode(new byte[64]));
    refused(input + encode(twice));
    refused(input + encode(new byte[0]) + "A");
    byte[] signature = decode(good.substring(good.lastIndexOf('.') + 1));
    refused(input + encode(Arrays.copyOf(signature, 63)));
    refused(input + encode(Arrays.copyOf(signature, 65)));
  }

  /** ECDSA has two signatures for everything; whoever knows one can find the other. */
  @Test
  void theOtherHalfOfASignatureSaysNothingElse() {
    int dot = good.lastIndexOf('.');
    byte[] signature = decode(good.substring(dot + 1));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
    byte[] mirrored = new BigInteger(ORDER, 16).subtract(s).toByteArray();
    byte[] other = Arrays.copyOf(signature, 64);
    Arrays.fill(other, 32, 64, (byte) 0);
    int length = Math.min(32, mirrored.length);
    System.arraycopy(mirrored, mirrored.length - length, other, 64 - length, length);
    assertEquals(
        verifier.verify(good), verifier.verify(good.substring(0, dot + 1) + encode(other)));
  }

  private void refused(String text) {
    var refused = assertThrows(TokenRefusedException.class, () -> verifier.verify(text), text);
    assertEquals(TokenRefusedException.Reason.INVALID, refused.reason());
    assertFalse(refused.getMessage().contains("anna"));
  }

  private static String header(String more) {
    return "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"" + KEY.kid() + "\"" + more + "}";
  }

  private static String signed(String header, String claims) throws Exception {
    return signed(KEY, header, claims);
  }

  private static String signed(SigningKey key, String header, String claims) throws Exception {
    String input = encode(header) + "." + encode(claims);
    return input
        + "."
        + new ECDSASigner(key.jwk()).sign(new JWSHeader(JWSAlgorithm.ES256), input.getBytes(UTF_8));
  }

  private static String encode(String text) {
    return encode(text.getBytes(UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
