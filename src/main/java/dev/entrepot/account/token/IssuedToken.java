package dev.entrepot.account.token;

/**
 * A token that was made just now.
 *
 * @param secret shown this once
 */
public record IssuedToken(AccessToken token, String secret) {
  /** Without the secret. */
  @Override
  public String toString() {
    return "IssuedToken[" + token + "]";
  }
}
