package dev.entrepot.server;

import dev.entrepot.config.TlsConfig;
import dev.entrepot.error.StartupException;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The files of the server's certificate and its private key.
 *
 * @param certificate PEM, with the chain
 * @param key PEM
 */
record CertificateFiles(Path certificate, Path key) {
  private static final String[] KEY_TYPES = {"RSA", "RSASSA-PSS", "EC", "EdDSA", "Ed25519"};

  /** The files that the settings name, empty when the server speaks plain HTTP. */
  static Optional<CertificateFiles> of(TlsConfig settings) {
    return settings
        .certificate()
        .flatMap(certificate -> settings.key().map(key -> new CertificateFiles(certificate, key)));
  }

  /** Changes whenever one of the files does, or a link to it is turned elsewhere. */
  String version() {
    return version(certificate) + ' ' + version(key);
  }

  private static String version(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime() + "/" + attributes.size() + "/" + attributes.fileKey();
    } catch (IOException e) {
      return "absent";
    }
  }

  /**
   * Reads both, and proves that they fit together.
   *
   * @throws StartupException naming the files, when they are malformed or do not fit together
   */
  ServerCertificate read(Vertx vertx) {
    try {
      X509KeyManager manager = keyManager(vertx);
      String alias =
          Stream.of(KEY_TYPES)
              .flatMap(type -> aliases(manager, type))
              .findFirst()
              .orElseThrow(() -> new GeneralSecurityException("no certificate with a known key"));
      var read =
          new ServerCertificate(
              List.of(manager.getCertificateChain(alias)), manager.getPrivateKey(alias));
      if (!fits(read.key(), read.own())) {
        throw new GeneralSecurityException("the key is not that of the certificate");
      }
      return read;
    } catch (Exception e) { // what the reader throws is not declared any narrower
      throw new StartupException(
          "The certificate in "
              + certificate
              + " and the key in "
              + key
              + " cannot be used: "
              + reason(e),
          e);
    }
  }

  private X509KeyManager keyManager(Vertx vertx) throws Exception {
    var options =
        new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString());
    for (KeyManager manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
      if (manager instanceof X509KeyManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no certificate");
  }

  private static Stream<String> aliases(X509KeyManager manager, String keyType) {
    String @Nullable [] aliases = manager.getServerAliases(keyType, null);
    return aliases == null ? Stream.empty() : Stream.of(aliases);
  }

  private static boolean fits(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (key.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> key.getAlgorithm();
            });
    byte[] text = {1};
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(text);
    return signature.verify(signed);
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
