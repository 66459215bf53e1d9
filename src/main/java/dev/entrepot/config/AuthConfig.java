package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Who may do what. */
public interface AuthConfig {
  /** {@code off}: there are no accounts, and whoever reaches the server may do everything. */
  @WithDefault("on")
  Mode mode();

  /** What tokens are for: clients get to see it, and a token of another service is refused. */
  @WithDefault("entrepot")
  String service();

  /** Providers of OpenID Connect, each by a name of lower-case letters and digits. */
  Map<String, OidcConfig> oidc();

  /** Directories (LDAP), each by a name of lower-case letters and digits. */
  Map<String, LdapConfig> ldap();

  /** How long one key signs tokens, before the next one takes its turn. */
  @WithDefault("30d")
  Duration signingKeyPeriod();

  /** How long a client stays signed in ({@code docker login}) after it was last used. */
  @WithDefault("90d")
  Duration refreshTokenLife();

  /** How long a personal access token is good for at most. */
  @WithDefault("365d")
  Duration maxTokenAge();

  /**
   * The password of the user {@code admin}, who is made when there is no user yet. By default it is
   * random, printed once, and written to {@code initial-admin-password} in the data directory.
   */
  Optional<String> adminPassword();

  /**
   * Rules for client certificates, each by a name of lower-case letters and digits; the first that
   * matches, in the order of their names, counts.
   */
  Map<String, CertificateConfig> certificate();

  /** Whether requests are authenticated. */
  enum Mode {
    ON,
    OFF
  }
}
