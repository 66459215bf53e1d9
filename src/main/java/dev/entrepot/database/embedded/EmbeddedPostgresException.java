package dev.entrepot.database.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The embedded PostgreSQL cannot be prepared, started or trusted. The message is written for the
 * operator: one sentence on what is wrong and one on what to do.
 */
public final class EmbeddedPostgresException extends RuntimeException {
  private static final long serialVersionUID = 1;

  EmbeddedPostgresException(String message) {
    this(message, null);
  }

  EmbeddedPostgresException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
