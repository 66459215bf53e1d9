package dev.entrepot.config;

import java.nio.file.Path;
import java.util.Optional;

/** The CDN that clients are sent to in place of the store; its origin is the store's bucket. */
public interface CdnConfig {
  /**
   * How its URLs are signed. {@code cloudfront}: signed URLs of Amazon CloudFront. {@code nginx}:
   * as its {@code secure_link_md5 "$secure_link_expires$uri SECRET"} checks the parameters {@code
   * md5} and {@code expires}.
   */
  Optional<Type> type();

  /** What a blob's key is added to, such as {@code https://d111111abcdef8.cloudfront.net/}. */
  Optional<String> url();

  /** {@code cloudfront}: the id of the public key that it checks with. */
  Optional<String> keyId();

  /** {@code cloudfront}: the file of the private RSA key, PKCS #8 in PEM. */
  Optional<Path> privateKey();

  /** {@code nginx}: the secret that is shared with the CDN. */
  Optional<String> secret();

  /** The kinds of signed URLs. */
  enum Type {
    CLOUDFRONT,
    NGINX
  }
}
