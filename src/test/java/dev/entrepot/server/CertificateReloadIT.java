package dev.entrepot.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(CertificateReloadIT.Https.class)
class CertificateReloadIT {
  private static final Path DIRECTORY = Path.of("target/certificate-reload").toAbsolutePath();
  private static final Duration LONG = Duration.ofMinutes(1);

  @Inject HttpServer server;

  @BeforeEach
  void startWithTheFirst() throws IOException {
    replace(TestCertificate.make(DIRECTORY, "first", "EC"));
    await().atMost(LONG).until(() -> certificateOfNewConnection().equals("CN=first"));
  }

  @Test
  void newCertificateIsTakenOver() throws IOException {
    replace(TestCertificate.make(DIRECTORY, "second", "RSA"));
    await().atMost(LONG).until(() -> certificateOfNewConnection().equals("CN=second"));
  }

  @Test
  void connectionOutlivesTheChange() throws Exception {
    try (SSLSocket connection = connect()) {
      assertEquals("HTTP/1.1 200 OK", get(connection));
      replace(TestCertificate.make(DIRECTORY, "second", "EC"));
      await().atMost(LONG).until(() -> certificateOfNewConnection().equals("CN=second"));
      assertEquals("HTTP/1.1 200 OK", get(connection));
    }
  }

  @Test
  void noHandshakeFailsDuringChanges() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      replace(TestCertificate.make(DIRECTORY, name, "EC"));
      // An unsuccessful handshake is an exception, which ends the wait and fails the test.
      await()
          .pollInterval(Duration.ofMillis(1))
          .atMost(LONG)
          .until(() -> certificateOfNewConnection().equals("CN=" + name));
    }
  }

  @Test
  void filesThatDoNotFitChangeNothing() throws Exception {
    TestCertificate other = TestCertificate.make(DIRECTORY, "other", "EC");
    replace(new TestCertificate(other.certificate(), "no key"));
    await()
        .during(Duration.ofSeconds(2))
        .atMost(LONG)
        .until(() -> certificateOfNewConnection().equals("CN=first"));
    replace(other);
    await().atMost(LONG).until(() -> certificateOfNewConnection().equals("CN=other"));
  }

  @Test
  void http2IsOffered() throws Exception {
    try (SSLSocket connection = connect("h2", "http/1.1")) {
      assertEquals("h2", connection.getApplicationProtocol());
    }
  }

  /** File by file, as tools that renew certificates do. */
  private static void replace(TestCertificate certificate) throws IOException {
    Path staging = Files.createDirectories(DIRECTORY.resolve("staging"));
    certificate.writeTo(staging);
    for (String file : List.of("tls.crt", "tls.key")) {
      Files.move(
          staging.resolve(file),
          DIRECTORY.resolve(file),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private String certificateOfNewConnection() throws IOException, GeneralSecurityException {
    try (SSLSocket connection = connect()) {
      var certificate = (X509Certificate) connection.getSession().getPeerCertificates()[0];
      return certificate.getSubjectX500Principal().getName();
    }
  }

  private SSLSocket connect(String... protocols) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAnyone()}, null);
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.getSecurePort());
    socket.setSoTimeout(Math.toIntExact(LONG.toMillis()));
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** The status line; the short body is read and dropped. */
  private static String get(SSLSocket connection) throws IOException {
    connection
        .getOutputStream()
        .write("GET /q/health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    byte[] answer = new byte[8192];
    int length = connection.getInputStream().read(answer);
    while (!new String(answer, 0, length, StandardCharsets.UTF_8).strip().endsWith("}")) {
      length += connection.getInputStream().read(answer, length, answer.length - length);
    }
    return new String(answer, 0, length, StandardCharsets.UTF_8).lines().findFirst().orElse("");
  }

  /** HTTPS with a first certificate in files that the test may replace. */
  public static class Https implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Files.createDirectories(DIRECTORY);
        TestCertificate.make(DIRECTORY, "first", "EC").writeTo(DIRECTORY);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      String certificate = DIRECTORY.resolve("tls.crt").toString();
      String key = DIRECTORY.resolve("tls.key").toString();
      return Map.of(
          "entrepot.http.tls.certificate", certificate,
          "entrepot.http.tls.key", key,
          "entrepot.http.tls.reload-interval", "100ms",
          "quarkus.tls.key-store.pem.0.cert", certificate,
          "quarkus.tls.key-store.pem.0.key", key,
          "quarkus.http.insecure-requests", "disabled");
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(ServerResource.class));
    }
  }

  private static final class TrustAnyone extends X509ExtendedTrustManager {
    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}
  }
}
