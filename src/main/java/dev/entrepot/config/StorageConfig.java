package dev.entrepot.config;

import io.smallrye.config.WithDefault;

/** Where the bytes of blobs are kept. */
public interface StorageConfig {
  /** {@code filesystem}: below {@code storage} in the data directory. */
  @WithDefault("filesystem")
  Type type();

  /** The kinds of storage. */
  enum Type {
    FILESYSTEM
  }
}
