package dev.entrepot.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A self-signed certificate, made by the JDK's keytool.
 *
 * @param certificate PEM
 * @param key PEM
 */
record TestCertificate(String certificate, String key) {
  private static final String PASSWORD = "password";

  static TestCertificate make(Path directory, String name, String algorithm) throws IOException {
    Path store =
        directory.resolve(
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()) + ".p12");
    try {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keystore",
                  store.toString(),
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  PASSWORD,
                  "-alias",
                  "own",
                  "-keyalg",
                  algorithm,
                  "-keysize",
                  algorithm.equals("EC") ? "256" : "2048",
                  "-dname",
                  "CN=" + name,
                  "-ext",
                  "SAN=dns:localhost,ip:127.0.0.1")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool failed");
      }
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      return new TestCertificate(
          pem("CERTIFICATE", keys.getCertificate("own").getEncoded()),
          pem("PRIVATE KEY", keys.getKey("own", PASSWORD.toCharArray()).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Puts both into the directory as {@code tls.crt} and {@code tls.key}. */
  void writeTo(Path directory) throws IOException {
    Files.writeString(directory.resolve("tls.crt"), certificate);
    Files.writeString(directory.resolve("tls.key"), key);
  }

  private static String pem(String type, byte[] content) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + type
        + "-----\n";
  }
}
