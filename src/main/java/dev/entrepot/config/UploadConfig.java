package dev.entrepot.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Uploads of blobs. */
public interface UploadConfig {
  /** Age, since the last bytes came, at which an unfinished upload is dropped. */
  @WithDefault("24h")
  Duration expiry();

  /** How often expired uploads are looked for. */
  @WithDefault("10m")
  Duration sweepInterval();

  /** Bytes of one upload that may wait in memory for the store. */
  @WithDefault("2M")
  MemorySize bufferSize();

  /** Bytes of all uploads together that may wait in memory for the store. */
  @WithDefault("64M")
  MemorySize bufferBudget();

  /** Bytes per second below which an upload is cut off; 0 for no such limit. */
  @WithDefault("256")
  MemorySize minRate();

  /** Time over which the least rate is measured. */
  @WithDefault("60s")
  Duration minRateWindow();

  /**
   * Time that a closing request waits for another one that is closing the same upload: a client
   * that lost its connection sends it again while the first is still being worked on.
   */
  @WithDefault("30s")
  Duration closingWait();

  /**
   * Time after which another server may go on with an upload whose server has died in the middle of
   * a request.
   */
  @WithDefault("20s")
  Duration lease();

  /** Largest blob that is taken; no limit when absent. */
  Optional<MemorySize> maxSize();

  /**
   * Uploads between two requests whose hash is kept in memory; others are read back once when they
   * end.
   */
  @WithDefault("1000")
  int maxSuspended();

  /** Time that the hash of an upload between two requests is kept in memory. */
  @WithDefault("5m")
  Duration suspendedTimeout();
}
