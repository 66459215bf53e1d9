package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How often callers may ask. Allowances refill evenly; each server counts by itself. IPv6 addresses
 * count together by their first 64 bits.
 */
public interface RateLimitConfig {
  /** Requests from one address within the window; 0 for no limit. */
  @WithDefault("60000")
  long requestsPerAddress();

  /** The same for one user or robot, wherever it is. */
  @WithDefault("60000")
  long requestsPerAccount();

  /** The time that those are for. */
  @WithDefault("1m")
  Duration requestsWindow();

  /**
   * Manifests that callers without an account may get from one address within the window; 0 for no
   * limit. HEAD is not counted.
   */
  @WithDefault("0")
  long pullsPerAddress();

  /** Manifests that one user or robot may get within the window; 0 for no limit. */
  @WithDefault("0")
  long pullsPerAccount();

  /** The time that those are for. */
  @WithDefault("6h")
  Duration pullsWindow();

  /** Networks that nothing of this holds for. */
  @WithDefault("127.0.0.0/8,::1/128")
  Optional<List<String>> exemptNetworks();

  /**
   * Addresses, and accounts, that are remembered for each of the limits. Beyond that, those that
   * matter least are forgotten, which gives them a new allowance.
   */
  @WithDefault("100000")
  long maxCallers();
}
