package dev.entrepot.identity;

import static dev.entrepot.identity.Management.basic;
import static dev.entrepot.identity.Management.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.Directories;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.storage.testkit.tls.CertificateAuthority;
import dev.entrepot.storage.testkit.tls.ServerCertificate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Programs that show a certificate when they connect: its names are accounts, by rules. */
@OwnServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientCertificateIT {
  private static final String TRUST_DOMAIN = "URI:spiffe://example.com";

  private final CertificateAuthority authority = new CertificateAuthority();
  private final ServerCertificate builder = authority.issue(TRUST_DOMAIN + "/ns/build/pusher");
  private final ServerCertificate mirror = authority.issue("DNS:mirror.example.com");
  private final ServerCertificate own = ServerCertificate.create();
  private Path directory;
  private RegistryServer server;
  private Management management;

  @BeforeAll
  void start() throws IOException {
    directory = Files.createTempDirectory("entrepot-test-");
    own.write(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    authority.own().write(directory.resolve("ca.crt"), directory.resolve("ca.key"));
    server =
        Management.server()
            .tls(directory.resolve("tls.crt"), directory.resolve("tls.key"), own.trust())
            .environment("ENTREPOT_HTTP_TLS_CLIENT_AUTH", "request")
            .environment("ENTREPOT_HTTP_TLS_CLIENT_CA", directory.resolve("ca.crt").toString())
            .environment("ENTREPOT_AUTH_CERTIFICATE_BUILD_KIND", "uri")
            .environment(
                "ENTREPOT_AUTH_CERTIFICATE_BUILD_PATTERN", "spiffe://example.com/ns/build/*")
            .environment("ENTREPOT_AUTH_CERTIFICATE_BUILD_ACCOUNT", "acme+builder")
            .environment("ENTREPOT_AUTH_CERTIFICATE_MIRROR_KIND", "dns")
            .environment("ENTREPOT_AUTH_CERTIFICATE_MIRROR_PATTERN", "mirror.example.com")
            .environment("ENTREPOT_AUTH_CERTIFICATE_MIRROR_ACCOUNT", "acme+mirror")
            .start();
    management = showing(null);
    management.organisation("acme");
    management.robot("acme", "builder", "write");
    management.robot("acme", "mirror", "read");
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
    authority.close();
    Directories.deleteRecursively(directory);
  }

  private Management showing(@Nullable ServerCertificate certificate) {
    return new Management(
        server, HttpClient.newBuilder().sslContext(own.trust(certificate)).build());
  }

  @Test
  void certificateIsTheAccountOfTheRuleForItsName() {
    assertThat(push(showing(builder), "acme/app")).isEqualTo(202);
    assertThat(push(showing(builder), "other/app")).isEqualTo(403);
    assertThat(push(showing(mirror), "acme/app")).isEqualTo(403);
  }

  @Test
  void tokenIsGivenToWhoeverShowsACertificate() {
    HttpResponse<String> token =
        showing(builder)
            .send(
                management
                    .request(
                        "/token?service=entrepot&offline_token=true&scope=repository:acme/app:pull,push")
                    .GET());
    assertThat(management.push("acme/app", "Bearer " + json(token).path("token").asText()))
        .isEqualTo(202);
    assertThat(json(token).has("refresh_token")).isFalse();
  }

  @Test
  void certificateThatNoRuleNamesIsAsNone() {
    ServerCertificate unnamed = authority.issue(TRUST_DOMAIN + "/ns/build/deep/pusher");
    assertThat(push(showing(unnamed), "acme/app")).isEqualTo(401);
    assertThat(push(showing(null), "acme/app")).isEqualTo(401);
  }

  @Test
  void credentialsCountMoreThanTheCertificate() {
    Management both = showing(builder);
    assertThat(both.push("other/app", basic("admin", Management.PASSWORD))).isEqualTo(202);
    assertThat(both.push("acme/app", basic("admin", "not-the-password"))).isEqualTo(401);
  }

  @Test
  void certificateOfAnotherAuthorityIsNoConnection() {
    try (var another = new CertificateAuthority()) {
      Management stranger = showing(another.issue(TRUST_DOMAIN + "/ns/build/pusher"));
      assertThatThrownBy(() -> push(stranger, "acme/app"))
          .hasRootCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void disabledAccountIsNobodys() {
    Management mirrors = showing(mirror);
    String robot = "/api/v1/organisations/acme/robots/mirror";
    management.admin("PATCH", robot, "{\"disabled\":true}");
    await().until(() -> push(mirrors, "acme/app") == 401);
    management.admin("PATCH", robot, "{\"disabled\":false}");
    await().until(() -> push(mirrors, "acme/app") == 403);
  }

  private static int push(Management as, String repository) {
    return as.send(
            as.request("/v2/" + repository + "/blobs/uploads/").POST(BodyPublishers.noBody()))
        .statusCode();
  }
}
