package dev.entrepot.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The log of requests. */
public interface AccessLogConfig {
  /** Whether requests are logged. */
  @WithDefault("true")
  boolean enabled();

  /** The file; {@code logs/access.log} in the data directory when absent. */
  Optional<Path> file();

  /** Size at which a new file is begun. */
  @WithDefault("64M")
  MemorySize maxFileSize();

  /** Full files that are kept. */
  @WithDefault("4")
  int maxFiles();
}
