package dev.entrepot.blob;

import dev.entrepot.config.CdnConfig;
import dev.entrepot.error.StartupException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/** The URLs of the CDN that the settings name. */
final class CdnUrls {
  private static final String PREFIX = "entrepot.storage.redirect.cdn.";

  private CdnUrls() {}

  /**
   * Reads the settings; empty when they name no CDN.
   *
   * @throws StartupException when one is missing or the key cannot be read
   */
  static Optional<BlobUrls> of(CdnConfig settings, InstantSource clock) {
    return settings
        .type()
        .map(
            type ->
                switch (type) {
                  case CLOUDFRONT ->
                      new CloudFrontUrls(
                          base(settings),
                          required("key-id", settings.keyId()),
                          privateKey(required("private-key", settings.privateKey())),
                          clock);
                  case NGINX ->
                      new SecureLinkUrls(
                          URI.create(base(settings)), required("secret", settings.secret()), clock);
                });
  }

  private static String base(CdnConfig settings) {
    String url = required("url", settings.url());
    if (!url.matches("https?://[A-Za-z0-9._:\\[\\]-]+(/[A-Za-z0-9._-]+)*/?")) {
      throw new StartupException(PREFIX + "url: must be like https://cdn.example.com/");
    }
    return url.endsWith("/") ? url : url + "/";
  }

  private static <T> T required(String name, Optional<T> value) {
    return value.orElseThrow(
        () -> new StartupException(PREFIX + name + ": is needed for this " + PREFIX + "type"));
  }

  private static PrivateKey privateKey(Path file) {
    try {
      String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", "");
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new StartupException(
          PREFIX
              + "private-key: "
              + file
              + " cannot be read as an RSA key in PKCS #8. To make it one: openssl pkcs8 -topk8"
              + " -nocrypt -in OLD -out NEW",
          e);
    }
  }
}
