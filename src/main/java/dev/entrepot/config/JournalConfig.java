package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What of the database is written to the store, so that it can be rebuilt from there. */
public interface JournalConfig {
  /**
   * Time between two looks at which repositories have changed; their manifests and tags are written
   * then, by one server of all. {@code 0s} for never.
   */
  @WithDefault("10m")
  Duration pause();
}
