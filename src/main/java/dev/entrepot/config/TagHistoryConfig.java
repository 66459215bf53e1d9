package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The history of tags. */
public interface TagHistoryConfig {
  /** How long moves of tags are kept, at least; they are dropped by whole months. */
  @WithDefault("730d")
  Duration retention();
}
