package dev.entrepot.login;

import dev.entrepot.auth.Subject;
import org.jspecify.annotations.Nullable;

/** Tokens that others have signed, for accounts here: of CI systems and identity providers. */
public interface ExternalTokens {
  /**
   * Whose the token is here: the robot that a rule of its issuer names, or the user whom a provider
   * of OpenID Connect has signed it for. May block, for a bounded time.
   *
   * @param token a JWT, not yet looked at
   * @param account whose it has to be; null is whoever's it is
   * @throws dev.entrepot.http.InvalidCredentialsException when it is nobody's or somebody else's,
   *     is not valid, or the account is disabled
   * @throws dev.entrepot.error.RegistryException UNAVAILABLE when the issuer's keys cannot be had
   */
  Subject get(String token, @Nullable String account);
}
