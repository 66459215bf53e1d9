package dev.entrepot.config;

import io.smallrye.config.WithDefault;

/** Where the bytes of blobs are kept. */
public interface StorageConfig {
  /**
   * {@code filesystem}: below {@code storage} in the data directory. {@code s3}: in the bucket of
   * an S3-compatible object store, which several servers can share.
   */
  @WithDefault("filesystem")
  Type type();

  /** The object store. */
  S3Config s3();

  /** The store from which blobs are being moved. */
  PreviousStorageConfig previous();

  /** Where bytes are had from that this one has lost. */
  ReplicaStorageConfig replica();

  /** Sending clients on to where the bytes are. */
  RedirectConfig redirect();

  /** The kinds of storage. */
  enum Type {
    FILESYSTEM,
    S3
  }
}
