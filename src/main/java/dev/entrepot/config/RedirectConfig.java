package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sending clients on to where the bytes are: a {@code GET} of a blob of 64 KiB or more is answered
 * with 307 and a signed URL of the object store or of a CDN. Nothing else ever is.
 */
public interface RedirectConfig {
  /**
   * Whether clients are sent on, once there is where to: {@code
   * entrepot.storage.s3.public-endpoint} or {@code entrepot.storage.redirect.cdn.type}. Else the
   * server passes the bytes on.
   */
  @WithDefault("true")
  boolean enabled();

  /** Networks whose clients are sent on, such as {@code 10.0.0.0/8,fd00::/8}; absent for all. */
  Optional<List<String>> networks();

  /** Networks whose clients are not, such as those from where the store cannot be reached. */
  Optional<List<String>> exceptNetworks();

  /** How long such a URL works, at most 7 days. A download that has begun goes on after it. */
  @WithDefault("10m")
  Duration urlLife();

  /** A CDN in front of the store. */
  CdnConfig cdn();
}
