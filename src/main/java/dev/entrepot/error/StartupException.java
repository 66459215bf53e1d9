package dev.entrepot.error;

import org.jspecify.annotations.Nullable;

/**
 * The server cannot start. The message is what the operator gets to see, without a stack trace:
 * why, and what to do.
 */
public final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StartupException(String message) {
    this(message, null);
  }

  public StartupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
