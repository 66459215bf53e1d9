package dev.entrepot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** How often a layer crosses the wire between the server and its store. */
@OwnServer
class BytesOnTheWireIT {
  private static final long SIZE = LongRuns.of(256L << 20, 2L << 30);
  private static final double MOST = 1.02;

  @Test
  void aLayerOfUnknownDigestCrossesTheWireOnce() throws Exception {
    try (S3Server s3 = ObjectStores.versitygw();
        FaultProxy proxy = FaultProxy.to(s3.endpoint());
        RegistryServer server =
            ObjectStores.s3(RegistryServer.builder(), proxy.endpoint()).start();
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      proxy.forget();
      long started = System.nanoTime();
      URI blob = push(client, server);
      double ratio = (double) proxy.bytesToServer() / SIZE;
      double back = (double) proxy.bytesToClient() / SIZE;
      System.out.printf(
          "layer of %d MiB pushed to the store in %.1f s: %.4f times its bytes sent, %.6f times"
              + " received%n",
          SIZE >> 20, (System.nanoTime() - started) / 1e9, ratio, back);
      assertThat(ratio).isBetween(1.0, MOST);
      assertThat(back).as("nothing is read back").isLessThan(MOST - 1);

      HttpResponse<InputStream> pulled =
          client.send(HttpRequest.newBuilder(blob).build(), BodyHandlers.ofInputStream());
      assertThat(blob.getPath()).endsWith(digest(pulled.body()));
    }
  }

  /** POST, PATCH with all the bytes, and a closing PUT that names the digest: as docker does it. */
  private static URI push(HttpClient client, RegistryServer server) throws Exception {
    String uploads = "/v2/wire/" + Registry.uniqueName() + "/blobs/uploads/";
    HttpRequest post =
        HttpRequest.newBuilder(server.url().resolve(uploads)).POST(BodyPublishers.noBody()).build();
    String upload = location(client, post, 202);
    HttpRequest patch =
        HttpRequest.newBuilder(server.url().resolve(upload))
            .method("PATCH", BodyPublishers.ofInputStream(() -> new GeneratedBytes(SIZE)))
            .build();
    upload = location(client, patch, 202);
    String digest = digest(new GeneratedBytes(SIZE));
    HttpRequest put =
        HttpRequest.newBuilder(server.url().resolve(upload + "?digest=" + digest))
            .PUT(BodyPublishers.noBody())
            .build();
    return server.url().resolve(location(client, put, 201));
  }

  private static String location(HttpClient client, HttpRequest request, int status)
      throws Exception {
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static String digest(InputStream bytes) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(bytes, digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }
}
