package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;

/** The credentials of a request are none of an account, or not any more. */
public final class InvalidCredentialsException extends RegistryException {
  private static final long serialVersionUID = 1;

  private final boolean token;

  private InvalidCredentialsException(String message, boolean token) {
    super(ErrorCode.UNAUTHORIZED, message);
    this.token = token;
  }

  /** A wrong name, password or secret; it does not say which. */
  public static InvalidCredentialsException login() {
    return new InvalidCredentialsException("the name or the password is wrong", false);
  }

  /**
   * A token that is not valid.
   *
   * @param message says why
   */
  public static InvalidCredentialsException token(String message) {
    return new InvalidCredentialsException(message, true);
  }

  /** Whether it was a token, which the challenge then says is not valid. */
  public boolean isToken() {
    return token;
  }
}
