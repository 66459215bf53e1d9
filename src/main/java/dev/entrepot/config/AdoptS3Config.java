package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The object store that another registry uses. What is not set is as for the server's own; so are
 * {@code web-identity} and {@code transfer}.
 */
public interface AdoptS3Config {
  /** {@code https://host[:port]} of the store; for AWS {@code https://s3.REGION.amazonaws.com}. */
  @WithDefault("${entrepot.storage.s3.endpoint:}")
  Optional<String> endpoint();

  /** The region that requests are signed for. */
  @WithDefault("${entrepot.storage.s3.region}")
  String region();

  /**
   * The access key; with {@code secret-key}. When absent, keys come from {@code
   * entrepot.storage.s3.web-identity}, or else from where AWS defines it.
   */
  @WithDefault("${entrepot.storage.s3.access-key:}")
  Optional<String> accessKey();

  /** The secret key. */
  @WithDefault("${entrepot.storage.s3.secret-key:}")
  Optional<String> secretKey();

  /** Whether the bucket is named in the path, and not in the host. */
  @WithDefault("${entrepot.storage.s3.path-style}")
  boolean pathStyle();

  /** PEM file of authorities that are trusted beside the JVM's. */
  @WithDefault("${entrepot.storage.s3.ca:}")
  Optional<Path> ca();
}
