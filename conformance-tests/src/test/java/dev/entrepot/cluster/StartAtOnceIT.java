package dev.entrepot.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three servers that start at the same moment on an empty database and an empty store. */
@OwnServer
class StartAtOnceIT {
  private static final int SERVERS = 3;

  static IntStream rounds() {
    return IntStream.range(0, LongRuns.of(2, 20));
  }

  /** By turns in the cluster's store and in a directory that they share. */
  private static Map<String, String> settings(int round) {
    return round % 2 == 0 ? Map.of() : Map.of("ENTREPOT_STORAGE_TYPE", "filesystem");
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void theyMakeOneRegistry(int round, @TempDir Path directory) throws IOException {
    try (Cluster cluster = Cluster.startAtOnce(directory, SERVERS, settings(round))) {
      List<Registry> registries = cluster.servers().stream().map(RegistryServer::registry).toList();
      String login = login(cluster);
      for (Registry registry : registries) {
        String token = "Bearer " + token(registry, login);
        Blob blob = push(registry, token);
        for (Registry other : registries) {
          assertThat(pull(other, token, blob)).isEqualTo(blob.bytes());
        }
      }
      for (RegistryServer server : cluster.servers()) {
        assertThat(server.logText()).doesNotContain("ERROR", "WARN");
      }
    }
  }

  /** As the one first administrator, whose password one of them has written down. */
  private static String login(Cluster cluster) throws IOException {
    List<String> passwords = new ArrayList<>();
    for (RegistryServer server : cluster.servers()) {
      Path file = server.dataDirectory().resolve("initial-admin-password");
      if (Files.exists(file)) {
        passwords.add(Files.readString(file).strip());
      }
    }
    assertThat(passwords).hasSize(1);
    byte[] login = ("admin:" + passwords.getFirst()).getBytes(UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  private static String token(Registry registry, String login) {
    return registry
        .request()
        .header("Authorization", login)
        .get("/token?service=entrepot&scope=repository:admin/image:pull,push")
        .then()
        .statusCode(200)
        .extract()
        .path("access_token");
  }

  private static Blob push(Registry registry, String token) {
    Blob blob = Blob.random(100_000);
    registry
        .request()
        .header("Authorization", token)
        .contentType("application/octet-stream")
        .body(blob.bytes())
        .post("/v2/admin/image/blobs/uploads/?digest=" + blob.digest())
        .then()
        .statusCode(201);
    return blob;
  }

  private static byte[] pull(Registry registry, String token, Blob blob) {
    return registry
        .request()
        .header("Authorization", token)
        .get("/v2/admin/image/blobs/" + blob.digest())
        .then()
        .statusCode(200)
        .extract()
        .asByteArray();
  }
}
