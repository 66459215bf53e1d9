package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The bucket of an S3-compatible object store. */
public interface S3Config {
  /** {@code https://host[:port]} of the store; for AWS {@code https://s3.REGION.amazonaws.com}. */
  Optional<String> endpoint();

  /** The region that requests are signed for. */
  @WithDefault("us-east-1")
  String region();

  /** The bucket, which must exist, without versions or rules that delete. */
  Optional<String> bucket();

  /**
   * The access key; with {@code secret-key}. When absent, keys come from {@code web-identity}, or
   * else from where AWS defines it: its variables, or the role of the container or the machine.
   */
  Optional<String> accessKey();

  /** The secret key. */
  Optional<String> secretKey();

  /**
   * Whether the bucket is named in the path, and not in the host. One with a dot in its name always
   * is where the store has https: no certificate is for such a host.
   */
  @WithDefault("true")
  boolean pathStyle();

  /** Where clients reach the store, {@code https://host[:port]}: they are sent there for blobs. */
  Optional<String> publicEndpoint();

  /** PEM file of authorities that are trusted beside the JVM's. */
  Optional<Path> ca();

  /** Keys for a token. */
  S3WebIdentityConfig webIdentity();

  /** Encryption by the store. */
  S3EncryptionConfig encryption();

  /** Connections, parts, memory. */
  S3TransferConfig transfer();
}
