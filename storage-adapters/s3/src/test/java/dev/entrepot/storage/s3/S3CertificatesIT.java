package dev.entrepot.storage.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.testkit.s3.S3Server;
import dev.entrepot.storage.testkit.tls.IssuedCertificate;
import dev.entrepot.storage.testkit.tls.ServerCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores whose certificates are from authorities that the JVM does not know. */
class S3CertificatesIT {
  private static final IssuedCertificate CERTIFICATE = IssuedCertificate.create("localhost");

  @TempDir private Path directory;
  private S3Server server;

  private void start(S3Server.Kind kind) {
    Assumptions.assumeTrue(kind.isInstalled(), kind.program() + " is not installed");
    server = S3Server.builder(kind).tls(CERTIFICATE).start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @EnumSource(S3Server.Kind.class)
  void authorityThatIsNamedIsTrusted(S3Server.Kind kind) {
    start(kind);
    try (S3BlobStore store = open(server.endpoint(), server.authority())) {
      assertEquals(List.of(), store.list(null, 1));
    }
  }

  @ParameterizedTest
  @EnumSource(S3Server.Kind.class)
  void whatIsWrongIsSaidAtTheStart(S3Server.Kind kind) throws IOException {
    start(kind);
    assertRefused("its certificate is not trusted", server.endpoint(), Optional.empty());

    Path other = directory.resolve("other.pem");
    ServerCertificate.create().write(other, directory.resolve("other.key"));
    assertRefused("its certificate is not trusted", server.endpoint(), Optional.of(other));

    URI otherHost = server.endpoint("other.localhost");
    assertRefused("its certificate is another host's", otherHost, server.authority());

    Path none = Files.writeString(directory.resolve("none.pem"), "no certificate\n");
    assertRefused("cannot read certificates from " + none, server.endpoint(), Optional.of(none));
  }

  /** The certificate has no name of one bucket. */
  @Test
  void bucketInTheHostIsCoveredByAWildcard() {
    Assumptions.assumeTrue(S3Server.Kind.MINIO.isInstalled(), "minio is not installed");
    server =
        S3Server.builder(S3Server.Kind.MINIO)
            .tls(IssuedCertificate.create("*.s3.localhost"))
            .environment("MINIO_DOMAIN", "s3.localhost")
            .start();
    try (S3BlobStore store = open(server.endpoint("s3.localhost"), false, server.authority())) {
      assertEquals(List.of(), store.list(null, 1));
    }
  }

  private static void assertRefused(String words, URI endpoint, Optional<Path> authority) {
    var refused =
        assertThrows(StorageException.Unavailable.class, () -> open(endpoint, authority).close());
    assertTrue(refused.getMessage().contains(words), refused::getMessage);
  }

  private static S3BlobStore open(URI endpoint, Optional<Path> authority) {
    return open(endpoint, true, authority);
  }

  private static S3BlobStore open(URI endpoint, boolean pathStyle, Optional<Path> authority) {
    var encryption = new S3Encryption.Default();
    return S3BlobStore.open(
        Buckets.settings(
            endpoint, S3Server.BUCKET, pathStyle, authority, encryption, S3Limits.DEFAULT));
  }
}
