package dev.entrepot.storage.testkit.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its key.
 *
 * @param certificate the certificate
 * @param key its private key
 */
public record ServerCertificate(X509Certificate certificate, Key key) {
  /** Makes a certificate for 127.0.0.1 that signs itself. */
  public static ServerCertificate create() {
    return create(Keytool.ELLIPTIC);
  }

  /**
   * As {@link #create()}, for GnuTLS, which does not read the elliptic keys that the JDK writes.
   */
  public static ServerCertificate createRsa() {
    return create(Keytool.RSA);
  }

  private static ServerCertificate create(List<String> keyOptions) {
    try (Keytool keytool = new Keytool()) {
      keytool.add("server", "CN=localhost", keyOptions, "-ext", "SAN=IP:127.0.0.1,DNS:localhost");
      return keytool.get("server");
    }
  }

  /** Writes both as PEM, key first, as a careful administrator replaces them. */
  public void write(Path certificateFile, Path keyFile) {
    try {
      Files.writeString(keyFile, Keytool.pem("PRIVATE KEY", key.getEncoded()));
      Files.writeString(certificateFile, Keytool.pem("CERTIFICATE", certificate.getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** This certificate as the only one that is trusted. */
  public KeyStore trusted() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("trusted", certificate);
      return trusted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** TLS that trusts this certificate, what it issued, and no other. */
  public SSLContext trust() {
    return trust(null);
  }

  /** The same, which shows a certificate of its own. */
  public SSLContext trust(@Nullable ServerCertificate own) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own == null ? null : own.keyManagers(), factory.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyManager[] keyManagers() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    char[] password = {};
    keys.setKeyEntry("own", key, password, new Certificate[] {certificate});
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, password);
    return factory.getKeyManagers();
  }
}
