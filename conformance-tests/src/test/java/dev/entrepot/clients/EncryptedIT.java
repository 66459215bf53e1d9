package dev.entrepot.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.storage.testkit.tls.ServerCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The clients over HTTPS, with a certificate that they check; most of them then speak HTTP/2. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EncryptedIT {
  @TempDir static Path directory;
  private Path certificate;
  private RegistryServer server;
  private String authority;
  private Image image;
  private OciLayout layout;

  @BeforeAll
  void startServer() throws IOException {
    ServerCertificate made = ServerCertificate.create();
    certificate = directory.resolve("ca.crt");
    Path key = directory.resolve("tls.key");
    made.write(certificate, key);
    server = RegistryServer.builder().tls(certificate, key, made.trust()).start();
    authority = "127.0.0.1:" + server.port();
    // Large enough to be sent in many frames and to need the flow control of HTTP/2.
    image = SampleImages.large(20_000_000);
    layout = OciLayout.create(directory.resolve("layout")).add(image).tag(image.manifest(), "1");
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @Test
  void cranePushesAndPullsByHttp2() {
    Program crane = Program.require("crane").environment("SSL_CERT_FILE", certificate.toString());
    String name = authority + "/encrypted/crane:1";

    crane.run("push", layout.directory().toString(), name);
    crane.run("pull", "--format=oci", name, directory + "/crane");

    assertThat(OciLayout.at(directory.resolve("crane")).digest())
        .isEqualTo(image.manifest().digest());
    awaitLogged("encrypted/crane/manifests/1 HTTP/2");
  }

  @Test
  void regctlPushesAndPullsByHttp2() throws IOException {
    Program regctl =
        Program.require("regctl").environment("REGCTL_CONFIG", directory + "/regctl.json");
    regctl.run(
        "registry", "set", authority, "--skip-check", "--cacert", Files.readString(certificate));
    String name = authority + "/encrypted/regctl:1";

    regctl.run("image", "copy", "ocidir://" + layout.directory() + ":1", name);
    regctl.run("image", "copy", name, "ocidir://" + directory.resolve("regctl") + ":1");

    assertThat(OciLayout.at(directory.resolve("regctl")).blobs()).isEqualTo(layout.blobs());
    awaitLogged("encrypted/regctl/manifests/1 HTTP/2");
  }

  @Test
  void skopeoPushesAndPulls() throws IOException {
    Path certificates = Files.createDirectory(directory.resolve("certs"));
    Files.copy(certificate, certificates.resolve("ca.crt"));
    Program skopeo =
        Program.require("skopeo")
            .with(
                "--insecure-policy",
                "copy",
                "--src-cert-dir=" + certificates,
                "--dest-cert-dir=" + certificates);
    String name = "docker://" + authority + "/encrypted/skopeo:1";

    skopeo.run("oci:" + layout.directory() + ":1", name);
    skopeo.run(name, "oci:" + directory.resolve("skopeo") + ":1");

    assertThat(OciLayout.at(directory.resolve("skopeo")).blobs()).isEqualTo(layout.blobs());
  }

  @Test
  void untrustedCertificateIsRefusedByTheClient() {
    Program.Output output =
        Program.require("crane").attempt("digest", authority + "/encrypted/crane:1");

    assertThat(output.exit()).isNotZero();
    assertThat(output.err()).contains("certificate");
  }

  private void awaitLogged(String text) {
    Path log = server.dataDirectory().resolve("logs/access.log");
    await().until(() -> Files.readString(log, StandardCharsets.UTF_8).contains(text));
  }
}
