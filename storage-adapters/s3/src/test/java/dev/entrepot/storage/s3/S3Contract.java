package dev.entrepot.storage.s3;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.testkit.BlobStoreContract;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The suite of all stores on a real S3 server; every test has a bucket of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class S3Contract extends BlobStoreContract {
  private final S3Server.Kind kind;
  private S3Server server;
  private String bucket;

  S3Contract(S3Server.Kind kind) {
    this.kind = kind;
  }

  @BeforeAll
  void start() {
    Assumptions.assumeTrue(kind.isInstalled(), kind.program() + " is not installed");
    server = settings(S3Server.builder(kind)).start();
  }

  /** What the server is told that others are not. */
  S3Server.Builder settings(S3Server.Builder builder) {
    return builder;
  }

  /** How the store reaches it. */
  S3Settings settings(S3Server of, String in) {
    return Buckets.settings(of, in);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void newBucket() {
    bucket = "b-" + UUID.randomUUID();
    Buckets.make(server, bucket);
  }

  @Override
  protected BlobStore openStore() {
    return S3BlobStore.open(settings(server, bucket));
  }

  @Override
  protected boolean presigns() {
    return true;
  }
}
