package dev.entrepot.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Reading stored bytes again, to find those that are lost or not what they were. */
public interface ScrubConfig {
  /**
   * Bytes that are read in a second, by one server of all; 0 for none. Large disks need a larger
   * one: 4M reads 345 GB a day.
   */
  @WithDefault("4M")
  MemorySize rate();

  /** Time between the end of one pass through the store and the beginning of the next. */
  @WithDefault("1d")
  Duration pause();
}
