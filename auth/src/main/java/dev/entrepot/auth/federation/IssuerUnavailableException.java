package dev.entrepot.auth.federation;

import org.jspecify.annotations.Nullable;

/** An issuer's keys cannot be had now; nothing is known of the token. */
public final class IssuerUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what went wrong. */
  public IssuerUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
