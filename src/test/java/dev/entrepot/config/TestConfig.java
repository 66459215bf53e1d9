package dev.entrepot.config;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Settings for tests: the defaults, but for what a test says. */
public final class TestConfig {
  private TestConfig() {}

  /** The defaults. */
  public static EntrepotConfig defaults() {
    return with(Map.of());
  }

  /** The defaults but for these properties. */
  public static EntrepotConfig with(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .addDefaultInterceptors()
        .withDefaultValue("user.home", "/nowhere")
        .withDefaultValues(properties)
        .withMapping(EntrepotConfig.class)
        .build()
        .getConfigMapping(EntrepotConfig.class);
  }
}
