package dev.entrepot.conformance.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate for 127.0.0.1, made with the JDK's keytool.
 *
 * @param certificate the certificate
 * @param key its private key
 */
public record ServerCertificate(X509Certificate certificate, Key key) {
  private static final String PASSWORD = "changeit";

  /** Makes a new certificate and key. */
  public static ServerCertificate create() {
    return create("SAN=IP:127.0.0.1,DNS:localhost", "-keyalg", "EC", "-groupname", "secp256r1");
  }

  /**
   * As {@link #create()}, for GnuTLS, which does not read the elliptic keys that the JDK writes.
   */
  public static ServerCertificate createRsa() {
    return create("SAN=IP:127.0.0.1,DNS:localhost", "-keyalg", "RSA", "-keysize", "2048");
  }

  private static ServerCertificate create(String extension, String... keyOptions) {
    try {
      Path store = Files.createTempDirectory("entrepot-test-").resolve("store.p12");
      keytool(store, extension, keyOptions);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      Directories.deleteRecursively(store.getParent());
      return new ServerCertificate(
          (X509Certificate) keys.getCertificate("server"),
          keys.getKey("server", PASSWORD.toCharArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(Path store, String extension, String... keyOptions)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", "server", "-validity", "2"));
    command.addAll(List.of("-dname", "CN=localhost", "-ext", extension));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    command.addAll(List.of(keyOptions));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IllegalStateException("keytool: " + output);
    }
  }

  /** Writes both as PEM, key first, as a careful administrator replaces them. */
  public void write(Path certificateFile, Path keyFile) {
    try {
      Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
      Files.writeString(certificateFile, pem("CERTIFICATE", certificate.getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** TLS that trusts this certificate and no other. */
  public SSLContext trust() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("server", certificate);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label);
  }
}
