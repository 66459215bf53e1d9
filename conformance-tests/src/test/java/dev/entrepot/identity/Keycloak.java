package dev.entrepot.identity;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.conformance.support.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A real Keycloak that the build has unpacked, on a loopback port, with the realm of {@code
 * keycloak/realm.json} in memory. One for all tests of the process: it takes a minute to start.
 */
final class Keycloak {
  /** Of the realm's users, whose passwords are their names with this. */
  static final String PASSWORD_SUFFIX = "-password";

  private static final String REALM = "harbour";
  private static final Duration START_TIMEOUT = Duration.ofMinutes(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static @Nullable Keycloak shared;

  private final URI url;
  private final HttpClient client = HttpClient.newHttpClient();

  private Keycloak(URI url) {
    this.url = url;
  }

  /** The one of this process, started with the first call. */
  static synchronized Keycloak shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  private static Keycloak start() {
    Path home = Path.of(Objects.requireNonNull(System.getProperty("keycloak.home")));
    Path log = home.resolveSibling("keycloak.log");
    int port = Ports.free();
    try {
      Path realms = Files.createDirectories(home.resolve("data/import"));
      try (InputStream realm = Keycloak.class.getResourceAsStream("/keycloak/realm.json")) {
        Files.write(realms.resolve("realm.json"), Objects.requireNonNull(realm).readAllBytes());
      }
      Process process =
          command(home, port).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      var keycloak = new Keycloak(URI.create("http://127.0.0.1:" + port));
      await()
          .atMost(START_TIMEOUT)
          .failFast("Keycloak ended, see " + log, () -> !process.isAlive())
          .until(keycloak::answers);
      return keycloak;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The script becomes the JVM, so that this process is the one to end. */
  private static ProcessBuilder command(Path home, int port) {
    var builder =
        new ProcessBuilder(
            home.resolve("bin/kc.sh").toString(),
            "start-dev",
            "--http-host=127.0.0.1",
            "--http-port=" + port,
            "--db=dev-mem",
            "--cache=local",
            "--import-realm");
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                "JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m",
                "JAVA_OPTS_GC", "-XX:+UseSerialGC",
                "JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1"));
    return builder;
  }

  private boolean answers() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer() + "/.well-known/openid-configuration")).build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What its tokens have in {@code iss}. */
  URI issuer() {
    return url.resolve("/realms/" + REALM);
  }

  /** An ID token, as a client gets it that asks the user for the password. */
  String idToken(String user) {
    return token(
            "grant_type=password&scope=openid&client_id=entrepot&client_secret=entrepot-secret"
                + "&username="
                + user
                + "&password="
                + user
                + PASSWORD_SUFFIX)
        .path("id_token")
        .asText();
  }

  /** An access token of a client for itself, for the audience {@code entrepot}. */
  String clientToken() {
    return token("grant_type=client_credentials&client_id=builder&client_secret=builder-secret")
        .path("access_token")
        .asText();
  }

  private JsonNode token(String form) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer() + "/protocol/openid-connect/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError("Keycloak: " + answer.statusCode() + " " + answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
