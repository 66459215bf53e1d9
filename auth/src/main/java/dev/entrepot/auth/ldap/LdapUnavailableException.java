package dev.entrepot.auth.ldap;

/** The directory did not answer, or not as it should; nothing is known of the password. */
public final class LdapUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LdapUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
