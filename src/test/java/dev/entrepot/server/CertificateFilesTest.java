package dev.entrepot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.error.StartupException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFilesTest {
  private static Vertx vertx;

  @TempDir Path directory;
  private CertificateFiles files;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void nameFiles() {
    files = new CertificateFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"));
  }

  @Test
  void ellipticCurvePairIsTaken() throws IOException {
    TestCertificate.make(directory, "one", "EC").writeTo(directory);
    assertEquals("CN=one", files.read(vertx).own().getSubjectX500Principal().getName());
  }

  @Test
  void rsaPairIsTaken() throws IOException {
    TestCertificate.make(directory, "two", "RSA").writeTo(directory);
    assertEquals("CN=two", files.read(vertx).own().getSubjectX500Principal().getName());
  }

  @Test
  void keyOfAnotherCertificateIsRefused() throws IOException {
    TestCertificate.make(directory, "one", "EC").writeTo(directory);
    Files.writeString(files.key(), TestCertificate.make(directory, "two", "EC").key());
    assertTrue(refusal().endsWith("the key is not that of the certificate"), refusal());
  }

  @Test
  void fileThatIsNoCertificateIsRefused() throws IOException {
    TestCertificate.make(directory, "one", "EC").writeTo(directory);
    Files.writeString(files.certificate(), "no certificate");
    assertTrue(refusal().contains(files.certificate().toString()), refusal());
  }

  @Test
  void versionChangesWithALinkTurnedElsewhere() throws IOException {
    Path first = Files.createDirectory(directory.resolve("first"));
    Path second = Files.createDirectory(directory.resolve("second"));
    TestCertificate.make(directory, "one", "EC").writeTo(first);
    TestCertificate.make(directory, "two", "EC").writeTo(second);
    Path link = Files.createSymbolicLink(directory.resolve("current"), first);
    var linked = new CertificateFiles(link.resolve("tls.crt"), link.resolve("tls.key"));
    String before = linked.version();
    Files.delete(link);
    Files.createSymbolicLink(link, second);
    assertNotEquals(before, linked.version());
  }

  private String refusal() {
    return assertThrows(StartupException.class, () -> files.read(vertx)).getMessage();
  }
}
