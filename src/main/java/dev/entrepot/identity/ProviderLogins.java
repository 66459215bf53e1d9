package dev.entrepot.identity;

import dev.entrepot.auth.Subject;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.AuditNotes;
import dev.entrepot.http.InvalidCredentialsException;
import dev.entrepot.identity.Providers.Provider;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Logins that a provider's ID token ends. Those that succeed are recorded with the secret that they
 * give, those that are refused here.
 */
@Singleton
class ProviderLogins {
  private final SignedTokens tokens;
  private final AuditNotes notes;

  ProviderLogins(SignedTokens tokens, AuditNotes notes) {
    this.tokens = tokens;
    this.notes = notes;
  }

  /**
   * Who an ID token logs in.
   *
   * @param method of the login, for the record
   * @param address of who logs in
   * @throws InvalidCredentialsException when nobody
   * @throws RegistryException UNAVAILABLE when the provider does not answer
   */
  Subject logIn(Provider provider, String idToken, String method, String address) {
    try {
      return tokens.get(provider, idToken);
    } catch (InvalidCredentialsException e) {
      notes.note(
          AuditEvent.of(AuditKind.SIGN_IN, new Actor(Subject.ANONYMOUS, address, ""), null)
              .with(Map.of("method", method, "provider", provider.name()))
              .asRefused());
      throw e;
    }
  }
}
