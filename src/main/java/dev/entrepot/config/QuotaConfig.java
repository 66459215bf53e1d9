package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Quotas of repositories and namespaces. */
public interface QuotaConfig {
  /** How often the bytes that came and went are added up to the usage of their repositories. */
  @WithDefault("10s")
  Duration foldInterval();
}
