package dev.entrepot.storage.s3;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * A server behind a proxy that does harm, a new bucket for each test, and a store with small
 * limits.
 */
abstract class ProxiedServer {
  /** Parts of 5 MiB, memory for four of them, three attempts. */
  static final S3Limits LIMITS =
      new S3Limits(
          16,
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          3,
          S3Limits.MIN_PART,
          2,
          4 * S3Limits.MIN_PART,
          Duration.ofSeconds(30));

  static S3Server server;
  FaultProxy proxy;
  String bucket;
  S3BlobStore store;
  private final List<S3BlobStore> stores = new ArrayList<>();

  @BeforeAll
  static void startServer() {
    S3Server.Kind kind = S3Server.Kind.VERSITYGW;
    Assumptions.assumeTrue(kind.isInstalled(), kind.program() + " is not installed");
    server = S3Server.start(kind);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void openStore() {
    proxy = FaultProxy.to(server.endpoint());
    bucket = "b-" + UUID.randomUUID();
    Buckets.make(server, bucket);
    store = open(LIMITS);
  }

  @AfterEach
  void closeAll() {
    if (proxy != null) {
      proxy.close();
    }
    stores.forEach(S3BlobStore::close);
  }

  S3BlobStore open(S3Limits limits) {
    return open(Buckets.settings(proxy.endpoint(), bucket, limits));
  }

  S3BlobStore open(S3Settings settings) {
    S3BlobStore opened = S3BlobStore.open(settings);
    stores.add(opened);
    return opened;
  }

  static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  static Digest digest(byte[] content) {
    return Digest.ofContent(DigestAlgorithm.SHA256, content);
  }

  static void append(BlobUpload upload, byte[] content, int from, int to) {
    for (int at = from; at < to; at += 1 << 20) {
      upload.append(List.of(ByteBuffer.wrap(content, at, Math.min(1 << 20, to - at))));
    }
  }

  StoredBlob put(byte[] content) {
    try (BlobUpload upload = store.startUpload(UUID.randomUUID(), DigestAlgorithm.SHA256)) {
      append(upload, content, 0, content.length);
      return upload.commit(digest(content));
    }
  }

  byte[] read(StoredBlob blob) {
    try (BlobContent content = store.open(blob.key(), new ByteRange(0, blob.size()));
        InputStream stream = content.stream()) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
