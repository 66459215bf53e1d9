package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The audit log. */
public interface AuditConfig {
  /** How long events are kept, at least; they are dropped by whole months, their seals are not. */
  @WithDefault("400d")
  Duration retention();

  /** How often what has come is sealed. */
  @WithDefault("1s")
  Duration sealInterval();

  /**
   * How many sign-ins and refusals wait for the database at most. What comes when it is full is
   * counted, in the log and in a metric, and not kept.
   */
  @WithDefault("10000")
  int queueSize();
}
