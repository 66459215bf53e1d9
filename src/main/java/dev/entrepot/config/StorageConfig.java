package dev.entrepot.config;

import io.smallrye.config.WithDefault;

/** Where the bytes of blobs are kept. */
public interface StorageConfig {
  /** {@code filesystem}: below {@code storage} in the data directory. */
  @WithDefault("filesystem")
  Type type();

  /** Sending clients on to where the bytes are. */
  RedirectConfig redirect();

  /** The kinds of storage. */
  enum Type {
    FILESYSTEM
  }
}
