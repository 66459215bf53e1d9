package dev.entrepot.auth.token;

/**
 * A token that is not accepted. The message is for logs: it says why, and holds nothing of the
 * token. Without a stack trace, since anybody can cause as many as they like.
 */
public final class TokenRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** What a client can be told. */
  public enum Reason {
    /** Was good once. */
    EXPIRED,
    /** Anything else. */
    INVALID
  }

  private TokenRefusedException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** Of a token that was good once. */
  public static TokenRefusedException expired() {
    return new TokenRefusedException(Reason.EXPIRED, "expired");
  }

  /** Of any other. */
  public static TokenRefusedException invalid(String why) {
    return new TokenRefusedException(Reason.INVALID, why);
  }

  /** What a client can be told. */
  public Reason reason() {
    return reason;
  }
}
