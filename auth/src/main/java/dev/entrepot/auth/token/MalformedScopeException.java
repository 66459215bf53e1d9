package dev.entrepot.auth.token;

/** A scope that breaks the grammar or a limit. The message may be shown to the client. */
public final class MalformedScopeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedScopeException(String message) {
    super(message, null, false, false);
  }
}
