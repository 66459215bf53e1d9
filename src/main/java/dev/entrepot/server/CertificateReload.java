package dev.entrepot.server;

import dev.entrepot.error.StartupException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Takes over a new certificate while the server runs, when its files change and fit together. */
final class CertificateReload implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(CertificateReload.class);

  private final CertificateFiles files;
  private final Supplier<ServerCertificate> reader;
  private final SwitchingKeyManager keyManager;
  private final Thread watcher;

  private CertificateReload(
      CertificateFiles files, Supplier<ServerCertificate> reader, Duration interval) {
    this.files = files;
    this.reader = reader;
    String version = files.version();
    this.keyManager = new SwitchingKeyManager(read());
    this.watcher =
        Thread.ofVirtual().name("certificate-reload").unstarted(() -> watch(version, interval));
  }

  /**
   * Reads the files and goes on looking at them.
   *
   * @throws StartupException when they cannot be used as they are
   */
  static CertificateReload start(
      CertificateFiles files, Supplier<ServerCertificate> reader, Duration interval) {
    var reload = new CertificateReload(files, reader, interval);
    reload.watcher.start();
    return reload;
  }

  /** Gives the certificate to handshakes. */
  SwitchingKeyManager keyManager() {
    return keyManager;
  }

  @Override
  public void close() {
    watcher.interrupt();
  }

  private void watch(String started, Duration interval) {
    String current = started;
    String seen = started;
    try {
      while (true) {
        Thread.sleep(interval);
        String version = files.version();
        // Twice the same: whoever writes the two files has finished.
        if (!version.equals(current) && version.equals(seen)) {
          takeOver();
          current = version;
        }
        seen = version;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops
    }
  }

  private void takeOver() {
    try {
      ServerCertificate certificate = read();
      keyManager.use(certificate);
      LOG.infof(
          "new certificate in use subject=\"%s\" validUntil=%s",
          certificate.own().getSubjectX500Principal(), certificate.validUntil());
    } catch (StartupException e) {
      LOG.warnf("new certificate not taken, the previous one stays reason=\"%s\"", e.getMessage());
    }
  }

  private ServerCertificate read() {
    ServerCertificate certificate = reader.get();
    if (certificate.validUntil().isBefore(Instant.now())) {
      LOG.warnf("certificate has expired validUntil=%s", certificate.validUntil());
    }
    return certificate;
  }
}
