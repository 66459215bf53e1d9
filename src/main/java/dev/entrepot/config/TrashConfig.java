package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What was deleted and can be restored. */
public interface TrashConfig {
  /**
   * How long deleted tags, manifests and repositories can be restored, and their bytes stay; 0 for
   * not at all.
   */
  @WithDefault("7d")
  Duration keep();
}
