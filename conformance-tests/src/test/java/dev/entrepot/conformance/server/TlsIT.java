package dev.entrepot.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Directories;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.storage.testkit.tls.ServerCertificate;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** HTTPS with HTTP/2 by ALPN, and certificates that change. */
@OwnServer
@Section("Promise > HTTP/2 and TLS")
class TlsIT {
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MEGABYTE = 1 << 20;

  private static Path directory;
  private static ServerCertificate certificate;
  private static RegistryServer server;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("entrepot-test-");
    certificate = ServerCertificate.create();
    certificate.write(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    server =
        RegistryServer.builder()
            .tls(directory.resolve("tls.crt"), directory.resolve("tls.key"), certificate.trust())
            .start();
    client = HttpClient.newBuilder().sslContext(certificate.trust()).build();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      client.close();
      server.close();
    }
    Directories.deleteRecursively(directory);
  }

  @Promise
  void http2IsAgreedOn() throws Exception {
    assertThat(get("/v2/").version()).isEqualTo(HttpClient.Version.HTTP_2);
  }

  @Promise
  void http11IsServedToo() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(url("/v2/")).version(HttpClient.Version.HTTP_1_1).build();
    HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Promise
  void imageIsPushedAndPulledOverHttp2() throws Exception {
    Blob layer = Blob.random(20 * MEGABYTE);
    push(layer, BodyPublishers.ofByteArray(layer.bytes()));
    Manifest manifest = Manifest.image().config(layer, "a/b").noLayers().build();
    HttpRequest put =
        HttpRequest.newBuilder(url("/v2/h2/manifests/v1"))
            .header("Content-Type", manifest.mediaType())
            .PUT(BodyPublishers.ofByteArray(manifest.bytes()))
            .build();
    assertThat(client.send(put, BodyHandlers.ofByteArray()).statusCode()).isEqualTo(201);
    assertThat(get("/v2/h2/manifests/v1").body()).isEqualTo(manifest.bytes());
    assertThat(get("/v2/h2/blobs/" + layer.digest()).body()).isEqualTo(layer.bytes());
  }

  @Promise
  void bodyOfUnknownLengthIsTakenOverHttp2() throws Exception {
    Blob blob = Blob.random(3 * MEGABYTE);
    push(blob, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(blob.bytes())));
    assertThat(get("/v2/h2/blobs/" + blob.digest()).body()).isEqualTo(blob.bytes());
  }

  @Promise
  void emptyBlobIsPushedOverHttp2() throws Exception {
    push(Blob.of(""), BodyPublishers.noBody());
  }

  @Promise
  void headHasALengthOverHttp2() throws Exception {
    Blob blob = Blob.random(12_345);
    push(blob, BodyPublishers.ofByteArray(blob.bytes()));
    HttpRequest head = HttpRequest.newBuilder(url("/v2/h2/blobs/" + blob.digest())).HEAD().build();
    HttpResponse<Void> answer = client.send(head, BodyHandlers.discarding());
    assertThat(answer.headers().firstValue("content-length")).contains("12345");
  }

  @Promise
  void errorsAreReadableOverHttp2() throws Exception {
    HttpResponse<byte[]> missing = get("/v2/none/manifests/v1");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(new String(missing.body(), StandardCharsets.UTF_8)).contains("NAME_UNKNOWN");
    HttpRequest refused =
        HttpRequest.newBuilder(url("/v2/h2/manifests/big"))
            .header("Content-Type", "application/vnd.oci.image.index.v1+json")
            .PUT(BodyPublishers.ofByteArray(new byte[6 * MEGABYTE]))
            .build();
    assertThat(client.send(refused, BodyHandlers.ofByteArray()).statusCode()).isEqualTo(413);
  }

  @Promise
  void windowsAreOfMebibytes() throws Exception {
    try (SSLSocket socket = connect()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0});
      socket.getOutputStream().flush();
      Windows windows = Windows.read(new DataInputStream(socket.getInputStream()));
      assertThat(windows.stream()).isGreaterThanOrEqualTo(MEGABYTE);
      assertThat(windows.connection()).isGreaterThanOrEqualTo(MEGABYTE);
    }
  }

  // Last to run would be best, but any order will do: the first certificate comes back.
  @Promise
  void changedCertificateIsTakenOverWithoutARestart() throws Exception {
    ServerCertificate changed = ServerCertificate.create();
    changed.write(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    awaitServed(changed);
    certificate.write(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    awaitServed(certificate);
    assertThat(get("/v2/").statusCode()).isEqualTo(200);
  }

  private static void awaitServed(ServerCertificate expected) {
    await()
        .ignoreExceptions()
        .until(
            () -> {
              try (SSLSocket socket =
                  (SSLSocket)
                      expected
                          .trust()
                          .getSocketFactory()
                          .createSocket("127.0.0.1", server.port())) {
                socket.startHandshake();
                return socket.getSession().getPeerCertificates()[0].equals(expected.certificate());
              }
            });
  }

  private static SSLSocket connect() throws IOException {
    return (SSLSocket)
        certificate.trust().getSocketFactory().createSocket("127.0.0.1", server.port());
  }

  private static void push(Blob blob, BodyPublisher body) throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(url("/v2/h2/blobs/uploads/")).POST(BodyPublishers.noBody()).build();
    HttpResponse<Void> started = client.send(post, BodyHandlers.discarding());
    assertThat(started.statusCode()).isEqualTo(202);
    String location = started.headers().firstValue("location").orElseThrow();
    HttpRequest put =
        HttpRequest.newBuilder(url(location + "?digest=" + blob.digest())).PUT(body).build();
    assertThat(client.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(url(path)).build(), BodyHandlers.ofByteArray());
  }

  private static URI url(String path) {
    return server.url().resolve(path);
  }

  /** How much a client may send before the server has read it: RFC 9113, section 6.9. */
  private record Windows(long stream, long connection) {
    static Windows read(DataInputStream in) throws IOException {
      long stream = 0;
      long connection = 65_535;
      while (stream == 0 || connection < MEGABYTE) {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt();
        DataInputStream payload =
            new DataInputStream(new ByteArrayInputStream(in.readNBytes(length)));
        if (type == SETTINGS && flags == 0) {
          stream = initialWindow(payload, length);
        } else if (type == WINDOW_UPDATE && id == 0) {
          connection += payload.readInt();
        }
      }
      return new Windows(stream, connection);
    }

    private static long initialWindow(DataInputStream payload, int length) throws IOException {
      long window = 65_535;
      for (int at = 0; at < length; at += 6) {
        int setting = payload.readUnsignedShort();
        long value = payload.readInt() & 0xffff_ffffL;
        if (setting == INITIAL_WINDOW_SIZE) {
          window = value;
        }
      }
      return window;
    }
  }
}
