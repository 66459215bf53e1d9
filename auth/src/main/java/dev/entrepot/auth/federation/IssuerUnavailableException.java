package dev.entrepot.auth.federation;

/** An issuer's keys cannot be had now; nothing is known of the token. */
public final class IssuerUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what went wrong. */
  public IssuerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
