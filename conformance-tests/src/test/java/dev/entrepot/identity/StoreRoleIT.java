package dev.entrepot.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.crash.Api;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A server that has no keys of its object store, but a role: whoever runs its container gives it
 * keys for a time, at an address in the environment, as on ECS and EKS.
 */
@OwnServer
class StoreRoleIT {
  private static final String AUTHORIZATION = "of this container only";

  /** Keys are renewed ten seconds before their end. */
  private static final Duration LIFE = Duration.ofSeconds(12);

  private final AtomicInteger given = new AtomicInteger();
  private volatile boolean giving = true;

  @Test
  void keysAreThoseOfTheContainersRoleAndRenewed() throws IOException {
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.createContext("/credentials", this::give);
    agent.start();
    try (S3Server store = ObjectStores.versitygw()) {
      giving = false;
      assertThatThrownBy(() -> server(store, agent).start().close())
          .hasMessageContaining("no credentials are to be had");
      giving = true;
      try (RegistryServer server = server(store, agent).start();
          Api api = new Api(server.url())) {
        Blob blob = Blob.random(100_000);
        String blobs = "/v2/roles/blobs/";
        assertThat(api.post(blobs + "uploads/?digest=" + blob.digest(), blob.bytes()).status())
            .isEqualTo(201);
        int before = given.get();
        Awaitility.await()
            .atMost(LIFE.multipliedBy(3))
            .until(
                () -> {
                  assertThat(api.get(blobs + blob.digest()).body()).isEqualTo(blob.bytes());
                  return given.get() > before;
                });
      }
    } finally {
      agent.stop(0);
    }
  }

  private static RegistryServer.Builder server(S3Server store, HttpServer agent) {
    return ObjectStores.withoutKeys(RegistryServer.builder(), store.endpoint())
        .environment("ENTREPOT_STORAGE_S3_TRANSFER_MAX_ATTEMPTS", "2")
        .environment("AWS_CONTAINER_AUTHORIZATION_TOKEN", AUTHORIZATION)
        .environment(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://127.0.0.1:" + agent.getAddress().getPort() + "/credentials");
  }

  private void give(HttpExchange exchange) throws IOException {
    boolean known = AUTHORIZATION.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] answer =
        """
        {"Code": "Success", "AccessKeyId": "%s", "SecretAccessKey": "%s", "Expiration": "%s"}
        """
            .formatted(S3Server.ACCESS_KEY, S3Server.SECRET_KEY, Instant.now().plus(LIFE))
            .getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      if (!giving || !known) {
        exchange.sendResponseHeaders(403, -1);
      } else {
        given.incrementAndGet();
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
      }
    }
  }
}
