package dev.entrepot.blob;

import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * Signed URLs of Amazon CloudFront with a canned policy, which limits the time and nothing else.
 */
final class CloudFrontUrls implements BlobUrls {
  private final String base;
  private final String keyId;
  private final PrivateKey key;
  private final InstantSource clock;

  CloudFrontUrls(String base, String keyId, PrivateKey key, InstantSource clock) {
    this.base = base;
    this.keyId = keyId;
    this.key = key;
    this.clock = clock;
  }

  @Override
  public Optional<URI> url(StorageKey blob, PresignedRead read) {
    String resource = base + blob.value();
    long expires = clock.instant().plus(read.ttl()).getEpochSecond();
    // To the letter: CloudFront makes the same text of the URL that it gets, and compares.
    String policy =
        "{\"Statement\":[{\"Resource\":\"%s\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":%d}}}]}"
            .formatted(resource, expires);
    return Optional.of(
        URI.create(
            "%s?Expires=%d&Signature=%s&Key-Pair-Id=%s&Hash-Algorithm=SHA256"
                .formatted(resource, expires, encoded(sign(policy)), keyId)));
  }

  private byte[] sign(String policy) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(policy.getBytes(StandardCharsets.UTF_8));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // the key has signed at the start
    }
  }

  /** Base64 with other letters for those that mean something in a query. */
  private static String encoded(byte[] signature) {
    return Base64.getEncoder()
        .encodeToString(signature)
        .replace('+', '-')
        .replace('=', '_')
        .replace('/', '~');
  }
}
