package dev.entrepot.config;

import java.util.List;

/** Settings that the server refuses to start with, each fault in one line. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ConfigurationException(List<String> faults) {
    super(String.join("\n", faults));
  }
}
