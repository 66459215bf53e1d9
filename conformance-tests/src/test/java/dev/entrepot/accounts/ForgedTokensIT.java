package dev.entrepot.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tokens made from a good one by whoever has not the server's key. Each differs from it in what its
 * test is about and in nothing else.
 */
@OwnServer
@ExtendWith(SharedServer.class)
@Section("Promise > Forged tokens")
class ForgedTokensIT {
  private static Registry registry;
  private static String repository;
  private static RegistryToken good;

  @BeforeAll
  static void getToken(Accounts accounts) {
    registry = accounts.registry();
    Login owner = accounts.newUser();
    repository = owner.name() + "/app";
    Push.as(owner, registry).image(repository, Image.random(), "v1");
    good = new Tokens(registry).get(owner, "repository:" + repository + ":pull");
  }

  @Promise
  void theGoodOneIsGood() {
    assertThat(pull(good).statusCode()).isEqualTo(200);
  }

  @Promise
  void unsignedTokens() {
    for (String algorithm : List.of("none", "None", "NONE", "")) {
      ObjectNode header = good.header().put("alg", algorithm);
      refused(RegistryToken.of(header, good.claims(), ""));
      refused(RegistryToken.of(header, good.claims(), good.signature()));
    }
  }

  @Promise
  void tokensSignedByAnotherKey() throws GeneralSecurityException {
    refused(signed(newKey(), good.header(), good.claims()));
    refused(signed(newKey(), good.header().put("kid", "k".repeat(43)), good.claims()));
  }

  @Promise
  void keysThatTheTokenBringsItself() throws GeneralSecurityException {
    PrivateKey key = newKey();
    JsonNode ours = publishedKey();
    refused(signed(key, good.header().set("jwk", ours), good.claims()));
    refused(signed(key, good.header().put("jku", registry.url() + "/token/jwks"), good.claims()));
  }

  @Promise
  void thePublicKeyUsedAsASharedSecret() throws GeneralSecurityException {
    ObjectNode header = good.header().put("alg", "HS256");
    String input = RegistryToken.signedPart(header, good.claims());
    for (String secret : List.of(publishedKey().toString(), publishedKey().get("x").asText())) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature = mac.doFinal(input.getBytes(StandardCharsets.UTF_8));
      refused(new RegistryToken(input + "." + RegistryToken.base64(signature)));
    }
  }

  @Promise
  void namesOfKeysThatArePaths() throws GeneralSecurityException {
    PrivateKey key = newKey();
    for (String kid : List.of("../../../dev/null", "/dev/null", "' OR '1'='1", "", "\u0000")) {
      refused(signed(key, good.header().put("kid", kid), good.claims()));
      String behind = good.header().get("kid").asText() + kid;
      refused(signed(key, good.header().put("kid", behind + "/"), good.claims()));
    }
  }

  @Promise
  void claimsChangedUnderTheSignature() {
    refusedWith(claims -> claims.put("exp", claims.get("exp").asLong() + 1));
    refusedWith(claims -> claims.put("nbf", 0));
    refusedWith(claims -> claims.put("aud", "another"));
    refusedWith(claims -> claims.put("iss", "another"));
    refusedWith(claims -> claims.put("uid", "user:1"));
    refusedWith(claims -> ((ObjectNode) claims.get("access").get(0)).put("name", "other/app"));
    refusedWith(
        claims ->
            ((ObjectNode) claims.get("access").get(0)).withArray("actions").add("administer"));
  }

  @Promise
  void longTokens() {
    refused(new RegistryToken(good.text() + "A".repeat(12_000)));
    refused(new RegistryToken(good.text() + "." + good.text()));
    // Beyond what the server reads of a head at all.
    assertThat(pull(new RegistryToken("A".repeat(200_000))).statusCode()).isIn(400, 401, 431);
    assertThat(pull(good).statusCode()).isEqualTo(200);
  }

  private static void refusedWith(Consumer<ObjectNode> change) {
    ObjectNode claims = good.claims();
    change.accept(claims);
    assertThat(claims).isNotEqualTo(good.claims());
    refused(RegistryToken.of(good.header(), claims, good.signature()));
  }

  private static void refused(RegistryToken token) {
    Response answer = pull(token);
    assertThat(answer.statusCode()).as(token.text()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
  }

  private static Response pull(RegistryToken token) {
    return registry
        .request()
        .header("Authorization", token.bearer())
        .get("/v2/" + repository + "/manifests/v1");
  }

  private static JsonNode publishedKey() {
    return registry.request().get("/token/jwks").as(JsonNode.class).get("keys").get(0);
  }

  private static PrivateKey newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair().getPrivate();
  }

  private static RegistryToken signed(PrivateKey key, JsonNode header, JsonNode claims)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(key);
    signature.update(RegistryToken.signedPart(header, claims).getBytes(StandardCharsets.UTF_8));
    return RegistryToken.of(header, claims, RegistryToken.base64(signature.sign()));
  }
}
