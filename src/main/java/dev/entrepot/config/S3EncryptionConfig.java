package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** How the store encrypts what it keeps. */
public interface S3EncryptionConfig {
  /**
   * {@code bucket}: as the bucket is set. {@code s3}: with the store's keys (SSE-S3). {@code kms}:
   * with a key of its key management (SSE-KMS). {@code customer}: with a key that goes along with
   * every request (SSE-C); then clients cannot be sent to the store.
   */
  @WithDefault("bucket")
  Type type();

  /** {@code kms}: the key's id. */
  Optional<String> keyId();

  /** {@code customer}: the file with 32 bytes in base64. Without them no blob can be read. */
  Optional<Path> keyFile();

  /** The kinds of encryption. */
  enum Type {
    BUCKET,
    S3,
    KMS,
    CUSTOMER
  }
}
