package dev.entrepot.storage.testkit.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Key pairs and certificates made with the JDK's keytool. */
final class Keytool implements AutoCloseable {
  static final List<String> ELLIPTIC = List.of("-keyalg", "EC", "-groupname", "secp256r1");
  static final List<String> RSA = List.of("-keyalg", "RSA", "-keysize", "2048");

  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final Path store;

  Keytool() {
    try {
      directory = Files.createTempDirectory("entrepot-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store = directory.resolve("store.p12");
  }

  /** Adds a key pair with a certificate, which signs itself unless the options say otherwise. */
  void add(String alias, String name, List<String> keyOptions, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", name, "-validity", "2"));
    command.addAll(keyOptions);
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString()));
    command.addAll(List.of("-storepass", PASSWORD));
    command.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.onExit().join().exitValue() != 0) {
        throw new IllegalStateException("keytool: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was made by that name. */
  ServerCertificate get(String alias) {
    char[] password = PASSWORD.toCharArray();
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password);
      return new ServerCertificate(
          (X509Certificate) keys.getCertificate(alias), keys.getKey(alias, password));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label);
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(store);
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
