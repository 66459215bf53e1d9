package dev.entrepot.config;

import io.smallrye.config.WithDefault;

/** Who may do what. */
public interface AuthConfig {
  /** {@code off}: whoever reaches the server may do everything. This release has no accounts. */
  @WithDefault("off")
  Mode mode();

  /** What tokens are for: clients get to see it, and a token of another service is refused. */
  @WithDefault("entrepot")
  String service();

  /** Whether requests are authenticated. */
  enum Mode {
    OFF
  }
}
