package dev.entrepot.blob;

import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * Links as nginx's module {@code ngx_http_secure_link} checks them. The hash is the module's
 * choice.
 */
final class SecureLinkUrls implements BlobUrls {
  private final URI base;
  private final String secret;
  private final InstantSource clock;

  SecureLinkUrls(URI base, String secret, InstantSource clock) {
    this.base = base;
    this.secret = secret;
    this.clock = clock;
  }

  @Override
  public Optional<URI> url(StorageKey key, PresignedRead read) {
    URI blob = base.resolve(key.value());
    long expires = clock.instant().plus(read.ttl()).getEpochSecond();
    byte[] hash = md5(expires + blob.getPath() + " " + secret);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    return Optional.of(URI.create("%s?md5=%s&expires=%d".formatted(blob, text, expires)));
  }

  private static byte[] md5(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
