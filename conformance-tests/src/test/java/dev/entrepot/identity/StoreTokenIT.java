package dev.entrepot.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.crash.Api;
import dev.entrepot.crash.Api.Answer;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that has no keys of its object store, but a file with a token that somebody else renews:
 * the store's token service gives keys for it, for as long as the token is good.
 */
@OwnServer
class StoreTokenIT {
  private static final String AUDIENCE = "objects";
  private static final String REDIRECTED = "192.0.2.1";

  /** Keys are renewed ten seconds before their end. */
  private static final Duration SHORT = Duration.ofSeconds(14);

  private static final ConditionFactory AWAIT =
      Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(300));

  @TempDir private Path directory;
  private final Blob blob = Blob.random(200_000);
  private final String blobs = "/v2/tokens/" + UUID.randomUUID() + "/blobs/";

  @Test
  void keysAreAsGoodAsTheTokenThatIsThere() throws IOException {
    try (TestIssuer issuer = new TestIssuer();
        S3Server store = startStore(issuer);
        FaultProxy proxy = FaultProxy.to(store.endpoint())) {
      write(token(issuer, Duration.ofSeconds(-10)));
      assertThatThrownBy(() -> server(proxy).start().close())
          .hasMessageContaining("no credentials are to be had")
          .hasMessageContaining("the token in " + file());

      ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor();
      renewal.scheduleAtFixedRate(() -> write(token(issuer, SHORT)), 0, 1, TimeUnit.SECONDS);
      try (renewal;
          RegistryServer server = server(proxy).start();
          Api api = new Api(server.url())) {
        assertThat(push(api).status()).isEqualTo(201);
        proxy.forget();
        AWAIT.until(
            () -> {
              assertThat(pull(api).status()).isEqualTo(200);
              return exchanges(proxy) >= 2;
            });

        renewal.shutdownNow();
        Answer refused = AWAIT.until(() -> pull(api), answer -> answer.status() != 200);
        assertAway(refused, server, "was not exchanged at " + proxy.endpoint());
        Files.delete(file());
        assertAway(pull(api), server, "cannot read " + file());
        assertThat(push(api).status()).isEqualTo(503);

        write(token(issuer, Duration.ofMinutes(5)));
        AWAIT.until(() -> pull(api).status() == 200);
        assertThat(push(api).status()).isEqualTo(201);
        assertStoreTakesTheUrl(api);
      }
    }
  }

  private static S3Server startStore(TestIssuer issuer) {
    ObjectStores.require(S3Server.Kind.MINIO);
    return S3Server.builder(S3Server.Kind.MINIO)
        .environment(
            "MINIO_IDENTITY_OPENID_CONFIG_URL", issuer.name() + "/.well-known/openid-configuration")
        .environment("MINIO_IDENTITY_OPENID_CLIENT_ID", AUDIENCE)
        .start();
  }

  private RegistryServer.Builder server(FaultProxy proxy) {
    return ObjectStores.withoutKeys(RegistryServer.builder(), proxy.endpoint())
        .environment("ENTREPOT_STORAGE_S3_WEB_IDENTITY_TOKEN_FILE", file().toString())
        .environment("ENTREPOT_STORAGE_S3_PUBLIC_ENDPOINT", proxy.endpoint("localhost").toString())
        .environment("ENTREPOT_STORAGE_S3_TRANSFER_MAX_ATTEMPTS", "2")
        .environment("ENTREPOT_STORAGE_REDIRECT_NETWORKS", REDIRECTED)
        .environment("ENTREPOT_HTTP_TRUSTED_PROXIES", "127.0.0.1");
  }

  private static String token(TestIssuer issuer, Duration life) {
    long end = Instant.now().plus(life).getEpochSecond();
    return issuer.sign(issuer.claims(AUDIENCE, Map.of("exp", end, "policy", "readwrite")));
  }

  private Path file() {
    return directory.resolve("token");
  }

  /** As those do it who renew tokens: the file is the old one or the new one. */
  private void write(String token) {
    try {
      Path next = Files.writeString(directory.resolve("next"), token + "\n");
      Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long exchanges(FaultProxy proxy) {
    return proxy.requests().stream()
        .filter(request -> request.names("AssumeRoleWithWebIdentity"))
        .count();
  }

  private Answer push(Api api) {
    return api.post(blobs + "uploads/?digest=" + blob.digest(), blob.bytes());
  }

  private Answer pull(Api api) {
    return api.get(blobs + blob.digest());
  }

  private static void assertAway(Answer answer, RegistryServer server, String reason) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isNotEmpty();
    assertThat(server.logText()).contains(reason);
  }

  /** A URL that is signed with such keys has to name their session. */
  private void assertStoreTakesTheUrl(Api api) {
    Answer redirect = api.get(blobs + blob.digest(), "X-Forwarded-For", REDIRECTED);
    assertThat(redirect.status()).isEqualTo(307);
    URI url = URI.create(redirect.location());
    try (Api store = new Api(url.resolve("/"))) {
      Answer answer = store.get(redirect.location());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(blob.bytes());
    }
  }
}
