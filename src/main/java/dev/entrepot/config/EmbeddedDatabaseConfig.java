package dev.entrepot.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The PostgreSQL that the server runs itself. */
public interface EmbeddedDatabaseConfig {
  /** Memory for its pages; the kernel's page cache comes on top. */
  @WithDefault("64M")
  MemorySize sharedBuffers();

  /** Time that its start may take, recovery after a crash included. */
  @WithDefault("10m")
  Duration startTimeout();

  /** Time that its clean shutdown may take. */
  @WithDefault("1m")
  Duration stopTimeout();
}
