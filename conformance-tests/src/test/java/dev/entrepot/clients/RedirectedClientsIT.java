package dev.entrepot.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.ProxiedRequest;
import dev.entrepot.storage.testkit.s3.S3Operation;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that sign in at the registry and are sent on to the store, which has another name. What
 * they send there is seen on the way.
 */
@OwnServer
class RedirectedClientsIT {
  private static final String PASSWORD = "a rather long passphrase";

  private static S3Server store;
  private static FaultProxy clientsSide;
  private static RegistryServer server;
  @TempDir private static Path directory;
  private static Image image;
  private static Program crane;
  private static String name;

  @BeforeAll
  static void start() throws IOException {
    store = ObjectStores.versitygw();
    clientsSide = FaultProxy.to(store.endpoint());
    server =
        ObjectStores.s3(RegistryServer.builder(), store.endpoint())
            .options("--auth", "on")
            .environment("ENTREPOT_AUTH_ADMIN_PASSWORD", PASSWORD)
            .environment(
                "ENTREPOT_STORAGE_S3_PUBLIC_ENDPOINT", clientsSide.endpoint("localhost").toString())
            .start();
    String login =
        Base64.getEncoder().encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        directory.resolve("config.json"),
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(server.registry().authority(), login));
    image = SampleImages.large(300_000);
    OciLayout layout =
        OciLayout.create(directory.resolve("layout")).add(image).tag(image.manifest(), "1");
    name = server.registry().authority() + "/admin/redirected:1";
    crane = client(Program.require("crane"));
    crane.run("push", layout.directory().toString(), name);
  }

  private static Program client(Program program) {
    return program.environment("DOCKER_CONFIG", directory.toString());
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable each : new AutoCloseable[] {server, clientsSide, store}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @BeforeEach
  void forget() {
    clientsSide.forget();
  }

  @Test
  void cranePullsFromTheStoreWithoutItsCredentials() {
    crane.run("pull", "--format=oci", name, directory + "/crane");

    assertThat(OciLayout.at(directory.resolve("crane")).digest())
        .isEqualTo(image.manifest().digest());
    assertLayerWasReadWithoutCredentials();
  }

  @Test
  void skopeoPullsFromTheStoreWithoutItsCredentials() {
    Program skopeo =
        Program.require("skopeo")
            .environment("REGISTRY_AUTH_FILE", directory + "/config.json")
            .with("--insecure-policy");

    skopeo.run(
        "copy", "--src-tls-verify=false", "docker://" + name, "oci:" + directory + "/skopeo:1");

    assertLayerWasReadWithoutCredentials();
  }

  @Test
  void dockerPullsFromTheStoreWithoutItsCredentials() {
    try (DockerEngine engine = DockerEngine.start()) {
      client(engine.docker()).run("pull", name);
    }
    assertLayerWasReadWithoutCredentials();
  }

  private static void assertLayerWasReadWithoutCredentials() {
    assertThat(clientsSide.requests()).anyMatch(S3Operation.GET_OBJECT);
    assertThat(clientsSide.requests()).noneMatch(RedirectedClientsIT::hasCredentials);
    assertThat(clientsSide.bytesToClient()).isGreaterThan(image.layer().size());
  }

  private static boolean hasCredentials(ProxiedRequest request) {
    return request.header("Authorization").isPresent();
  }
}
