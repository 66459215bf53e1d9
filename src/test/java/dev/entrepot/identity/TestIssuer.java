package dev.entrepot.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer of tokens on a loopback port, whose keys can change. */
final class TestIssuer implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile ECKey key = newKey();
  private volatile String jwks;
  private volatile int status = 200;

  TestIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    jwks = new JWKSet(key.toPublicJWK()).toString();
    server.createContext(
        "/.well-known/openid-configuration",
        exchange ->
            answer(exchange, "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/keys\"}".formatted(name())));
    server.createContext(
        "/keys",
        exchange -> {
          fetches.incrementAndGet();
          answer(exchange, jwks);
        });
    server.start();
  }

  private void answer(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** What its tokens have in {@code iss}. */
  String name() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How often its keys were fetched. */
  int fetches() {
    return fetches.get();
  }

  /** It signs with a new key from now on, and publishes only that one. */
  void rotate() {
    key = newKey();
    jwks = new JWKSet(key.toPublicJWK()).toString();
  }

  /** It answers with errors. */
  void fail() {
    status = 500;
  }

  /** It publishes more than anybody should read. */
  void flood() {
    jwks = "{\"keys\":[],\"more\":\"" + "x".repeat(1 << 20) + "\"}";
  }

  /** A token that is good for five minutes, with more claims, or others. */
  String token(Map<String, Object> more) {
    long now = Instant.now().getEpochSecond();
    Map<String, Object> claims =
        new HashMap<>(
            Map.of("iss", name(), "sub", "job-1", "iat", now, "nbf", now, "exp", now + 300));
    claims.putAll(more);
    try {
      var jws =
          new JWSObject(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
              new Payload(claims));
      jws.sign(new ECDSASigner(key));
      return jws.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey newKey() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .keyID(UUID.randomUUID().toString())
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
