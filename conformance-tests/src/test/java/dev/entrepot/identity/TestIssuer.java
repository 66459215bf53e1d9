package dev.entrepot.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An issuer of tokens to CI jobs on a loopback port, which also makes tokens that are no good. */
final class TestIssuer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "key-1";
  private static final int COORDINATE = 32;

  private final KeyPair keys = newKeys();
  private final HttpServer server;

  TestIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    publish(
        "/.well-known/openid-configuration",
        Map.of("issuer", name(), "jwks_uri", name() + "/keys"));
    publish("/keys", Map.of("keys", new Object[] {jwk()}));
    server.start();
  }

  private void publish(String path, Map<String, ?> document) {
    byte[] body = json(document);
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  /** What its tokens have in {@code iss}. */
  String name() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Claims of a token for this audience that is good for five minutes, with these. */
  Map<String, Object> claims(String audience, Map<String, ?> more) {
    long now = Instant.now().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", name());
    claims.put("aud", audience);
    claims.put("sub", "job");
    claims.put("iat", now);
    claims.put("nbf", now);
    claims.put("exp", now + 300);
    claims.putAll(more);
    return claims;
  }

  /** A token of these claims, signed as it should be. */
  String sign(Map<String, ?> claims) {
    return sign(claims, keys);
  }

  /** The same signed with a key of somebody else's, which is called as the real one is. */
  String forge(Map<String, ?> claims) {
    return sign(claims, newKeys());
  }

  /** The same without a signature. */
  String unsigned(Map<String, ?> claims) {
    return signingInput("none", claims) + ".";
  }

  /** The same with the public key as if that were a shared secret. */
  String signedWithThePublicKey(Map<String, ?> claims) {
    try {
      String input = signingInput("HS256", claims);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(keys.getPublic().getEncoded(), "HmacSHA256"));
      return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sign(Map<String, ?> claims, KeyPair keys) {
    try {
      String input = signingInput("ES256", claims);
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(keys.getPrivate());
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String signingInput(String algorithm, Map<String, ?> claims) {
    return base64(json(Map.of("alg", algorithm, "kid", KEY))) + "." + base64(json(claims));
  }

  private Map<String, String> jwk() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    return Map.of(
        "kty",
        "EC",
        "crv",
        "P-256",
        "use",
        "sig",
        "kid",
        KEY,
        "x",
        coordinate(point.getAffineX()),
        "y",
        coordinate(point.getAffineY()));
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[COORDINATE];
    int length = Math.min(bytes.length, COORDINATE);
    System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE - length, length);
    return base64(fixed);
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
