package dev.entrepot.auth.password;

/** More passwords are being checked than the server has memory and processors for; try again. */
public final class PasswordsBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PasswordsBusyException() {
    super("too many passwords are being checked", null, false, false);
  }
}
