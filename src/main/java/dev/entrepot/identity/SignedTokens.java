package dev.entrepot.identity;

import dev.entrepot.auth.Subject;
import dev.entrepot.auth.federation.ExternalToken;
import dev.entrepot.auth.federation.ExternalTokenVerifier;
import dev.entrepot.auth.federation.IssuerUnavailableException;
import dev.entrepot.auth.token.TokenRefusedException;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.http.InvalidCredentialsException;
import dev.entrepot.identity.Providers.Provider;
import dev.entrepot.login.ExternalTokens;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Checks tokens that others have signed, and finds whose they are here. One issuer may be both: a
 * CI system's, by rules, and a provider, of users.
 */
@Singleton
class SignedTokens implements ExternalTokens {
  private static final Logger LOG = Logger.getLogger(SignedTokens.class);

  /** A CI job may ask for its token at its start and push at its end. */
  private static final Duration MAX_AGE = Duration.ofHours(24);

  private static final int MAX_LOGGED = 255;

  private final Providers providers;
  private final TrustRows rows;
  private final ExternalTokenVerifier verifier;

  SignedTokens(Providers providers, TrustRows rows, IssuerDocuments documents) {
    this.providers = providers;
    this.rows = rows;
    this.verifier = new ExternalTokenVerifier(documents, MAX_AGE, InstantSource.system());
  }

  @Override
  public Subject get(String token, @Nullable String account) {
    return checked(() -> robot(token, account).orElseGet(() -> user(token)));
  }

  /** As {@link #get(String, String)}, for an ID token that this very provider has given. */
  Subject get(Provider provider, String idToken) {
    return checked(
        () ->
            user(
                provider,
                verifier.verify(
                    idToken,
                    issuer ->
                        Optional.of(provider)
                            .filter(p -> p.issuer().equals(issuer))
                            .map(Provider::trusted))));
  }

  private static Subject checked(Supplier<Subject> check) {
    try {
      return check.get();
    } catch (TokenRefusedException e) {
      throw InvalidCredentialsException.token(
          e.reason() == TokenRefusedException.Reason.EXPIRED
              ? "the token has expired"
              : "the token is not valid: " + e.getMessage());
    } catch (IssuerUnavailableException e) {
      LOG.warnf("token not checked error=%s", e.getMessage());
      throw unavailable();
    }
  }

  /** The answer when a provider does not answer. */
  static RegistryException unavailable() {
    return new RegistryException(
        ErrorCode.UNAVAILABLE,
        "the identity provider does not answer",
        null,
        Map.of("Retry-After", "10"));
  }

  private Subject user(String text) {
    ExternalToken token =
        verifier.verify(text, issuer -> providers.findByIssuer(issuer).map(Provider::trusted));
    return user(providers.findByIssuer(token.issuer().issuer()).orElseThrow(), token);
  }

  /**
   * Only a token that was made for this server proves a login: other clients of the provider hold
   * tokens of their users too, and could log in as them.
   */
  private Subject user(Provider provider, ExternalToken token) {
    Object authorized = token.claims().get("azp");
    if (authorized != null && !authorized.equals(provider.settings().clientId())) {
      throw TokenRefusedException.invalid("made for another client");
    }
    return providers.logIn(provider, token.subject(), token.claims());
  }

  /** The robot that a rule names; empty when the token is not by a rule's issuer and audience. */
  private Optional<Subject> robot(String text, @Nullable String account) {
    ExternalToken token;
    try {
      token = verifier.verify(text, rows::find);
    } catch (TokenRefusedException e) {
      LOG.debugf("no token of a trusted issuer reason=%s", e.getMessage());
      return Optional.empty();
    }
    Optional<Subject> robot = rows.robot(token, account);
    LOG.infof(
        "token of a trusted issuer robot=%s issuer=%s subject=%s",
        robot.map(Subject::name).orElse("none"),
        token.issuer().issuer(),
        printable(token.subject()));
    return robot;
  }

  /** Another's text, so that it cannot look like lines of the log. */
  private static String printable(String text) {
    return text.substring(0, Math.min(text.length(), MAX_LOGGED)).replaceAll("\\p{Cntrl}", "?");
  }
}
