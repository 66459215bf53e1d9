package dev.entrepot.config;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Reads the settings before the framework starts, and refuses those that make no sense. */
public final class Settings {
  private static final Pattern CONVERSION =
      Pattern.compile(
          "The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being"
              + " converted (.*)",
          Pattern.DOTALL);

  private Settings() {}

  /**
   * The settings from system properties, the environment and configuration files.
   *
   * @throws ConfigurationException naming every setting that is unknown, malformed or contradictory
   */
  public static EntrepotConfig load() {
    return load(
        ConfigUtils.configBuilder().forClassLoader(Thread.currentThread().getContextClassLoader()),
        System.getenv().keySet());
  }

  static EntrepotConfig load(SmallRyeConfigBuilder sources, Set<String> variables) {
    try {
      SmallRyeConfig config =
          sources.withMapping(EntrepotConfig.class).withValidateUnknown(false).build();
      EntrepotConfig settings = config.getConfigMapping(EntrepotConfig.class);
      var names = new SettingNames();
      var faults = new ArrayList<String>();
      faults.addAll(names.unknownProperties(propertiesBeside(variables, config)));
      faults.addAll(names.unknownVariables(variables));
      faults.addAll(SettingsCheck.faults(settings));
      if (!faults.isEmpty()) {
        throw new ConfigurationException(faults);
      }
      return settings;
    } catch (ConfigValidationException e) {
      throw new ConfigurationException(malformed(e));
    }
  }

  /** The framework makes a property of each variable: those are checked as variables. */
  private static List<String> propertiesBeside(Set<String> variables, SmallRyeConfig config) {
    return StreamSupport.stream(config.getPropertyNames().spliterator(), false)
        .filter(property -> !variables.contains(SettingNames.variable(property)))
        .toList();
  }

  private static List<String> malformed(ConfigValidationException e) {
    return IntStream.range(0, e.getProblemCount())
        .mapToObj(e::getProblem)
        .map(problem -> readable(problem.getMessage()))
        .toList();
  }

  /** Drops exception classes and message numbers, and puts the setting first. */
  private static String readable(String problem) {
    String plain =
        problem.replaceAll("[\\w.]+(Exception|Error): ", "").replaceAll("SRCFG\\d+: ", "");
    Matcher conversion = CONVERSION.matcher(plain);
    return conversion.matches()
        ? conversion.group(1)
            + ": "
            + (conversion.group(3).contains(conversion.group(2))
                ? conversion.group(3)
                : "\"" + conversion.group(2) + "\" is malformed: " + conversion.group(3))
        : plain;
  }
}
