package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A provider of OpenID Connect, such as Keycloak. */
public interface OidcConfig {
  /**
   * The provider's URL, exactly as its tokens have it in {@code iss}; below it is {@code
   * /.well-known/openid-configuration}.
   */
  URI issuer();

  /** What the provider knows this server as. Its tokens must be for this audience. */
  String clientId();

  /** The secret that goes with it. Logins under way are sealed with it too. */
  String clientSecret();

  /** What is asked for at the login. */
  @WithDefault("openid,profile,email")
  List<String> scopes();

  /** The claim that a new user is named after. */
  @WithDefault("preferred_username")
  String usernameClaim();

  /** The claim with the names of the user's groups; teams say which groups are in them. */
  @WithDefault("groups")
  String groupClaim();

  /**
   * Whether somebody without an account here gets one with the first login; otherwise only those
   * who had one when this was set log in.
   */
  @WithDefault("true")
  boolean provision();

  /** How long a program stays logged in that logged in by the device flow. */
  @WithDefault("90d")
  Duration deviceLife();

  /** The longest wait for an answer of the provider. */
  @WithDefault("5s")
  Duration timeout();
}
