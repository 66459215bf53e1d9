package dev.entrepot.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How much of connections, memory and patience the object store gets. */
public interface S3TransferConfig {
  /** Requests at once; as many more connections pass blobs on to clients. */
  @WithDefault("64")
  int maxConnections();

  /** The longest wait for a connection. */
  @WithDefault("5s")
  Duration connectTimeout();

  /** The longest wait for the next byte; ten times that where a store puts parts together. */
  @WithDefault("30s")
  Duration timeout();

  /** How often a request is sent at most, with pauses that grow, before a client gets 503. */
  @WithDefault("5")
  int maxAttempts();

  /** Bytes of a part of a large blob, at least 5M. It doubles every thousand parts, up to 64M. */
  @WithDefault("8M")
  MemorySize partSize();

  /** Parts of one blob that are sent at once. */
  @WithDefault("4")
  int parallelParts();

  /** Bytes of all uploads together that are held in memory, at least two parts. */
  @WithDefault("96M")
  MemorySize bufferBudget();

  /** Time that an upload waits for memory before its client gets 503. */
  @WithDefault("20s")
  Duration bufferWait();
}
