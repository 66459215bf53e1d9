package dev.entrepot.identity;

import dev.entrepot.auth.Subject;
import dev.entrepot.auth.federation.TrustedIssuer;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.OidcConfig;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The providers of OpenID Connect in the settings. */
@Singleton
class Providers {
  /**
   * One of them.
   *
   * @param name as settings and rows have it
   */
  record Provider(String name, OidcConfig settings) {
    String issuer() {
      return settings.issuer().toString();
    }

    /** What its ID tokens are checked against. */
    TrustedIssuer trusted() {
      return new TrustedIssuer(issuer(), settings.clientId(), Optional.empty());
    }
  }

  private final Map<String, Provider> providers;
  private final ExternalUsers users;

  Providers(EntrepotConfig config, ExternalUsers users) {
    this.providers =
        config.auth().oidc().entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> new Provider(entry.getKey(), entry.getValue())));
    this.users = users;
  }

  /** The provider of that name. */
  Optional<Provider> find(String name) {
    return Optional.ofNullable(providers.get(name));
  }

  /** The provider that is this issuer; of several, any one's name may come out. */
  Optional<Provider> findByIssuer(String issuer) {
    return providers.values().stream().filter(p -> p.issuer().equals(issuer)).findFirst();
  }

  /**
   * The account of the user whom a verified ID token is about.
   *
   * @throws dev.entrepot.error.RegistryException DENIED when the user may not have one
   */
  Subject logIn(Provider provider, String subject, Map<String, ?> claims) {
    OidcConfig settings = provider.settings();
    var user =
        new ExternalUser(
            provider.name(),
            subject,
            Objects.requireNonNullElse(text(claims.get(settings.usernameClaim())), ""),
            Boolean.TRUE.equals(claims.get("email_verified")) ? text(claims.get("email")) : null,
            texts(claims.get(settings.groupClaim())));
    return users.logIn(user, settings.provision());
  }

  private static @Nullable String text(@Nullable Object claim) {
    return claim instanceof String text ? text : null;
  }

  private static Set<String> texts(@Nullable Object claim) {
    Collection<?> values =
        claim instanceof Collection<?> several
            ? several
            : claim == null ? List.of() : List.of(claim);
    return values.stream()
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .collect(Collectors.toUnmodifiableSet());
  }
}
