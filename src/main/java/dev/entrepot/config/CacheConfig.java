package dev.entrepot.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Answers kept in memory. */
public interface CacheConfig {
  /** Memory for manifests, half of it, and for small blobs and the places of large ones. */
  @WithDefault("96M")
  MemorySize maxBytes();

  /** Blobs up to this size are kept in memory. */
  @WithDefault("64K")
  MemorySize smallBlobMaxSize();

  /** Memory for who may do what: half of it for rights, the rest for tokens and secrets. */
  @WithDefault("16M")
  MemorySize accessBytes();

  /**
   * Age at which what a tag points to is asked of the database again; 0 asks every time. The age is
   * the time since the tag was read, or since the changes by other servers were read last, which
   * are read four times a second. Only with an external database: of the embedded one, this server
   * sees every change.
   */
  @WithDefault("500ms")
  Duration tagMaxAge();

  /**
   * While the database is away: how long a tag is still answered from memory, with a warning, and
   * what is in memory about accounts and rights still holds.
   */
  @WithDefault("5m")
  Duration maxStale();
}
