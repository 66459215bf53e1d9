package dev.entrepot.identity;

import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.OidcConfig;
import dev.entrepot.identity.Providers.Provider;
import dev.entrepot.storage.DigestAlgorithm;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Authentication.CookieSameSite;
import io.quarkus.oidc.runtime.OidcTenantConfig.TokenStateManager.Strategy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Tells the framework how to log somebody in with a provider in the browser. It asks the provider
 * with the first such login, so one that is down hinders nobody else, and no start.
 */
@ApplicationScoped
class ProviderTenants implements TenantConfigResolver {
  /** Below here, and nowhere else, the framework's login takes part. */
  static final String PATH = "/login/oidc/";

  /** What the framework's encryption of its cookies wants. */
  private static final int SECRET_LENGTH = 32;

  private final Providers providers;
  private final boolean off;
  private final boolean https;

  ProviderTenants(Providers providers, EntrepotConfig config) {
    this.providers = providers;
    this.off = config.auth().mode() == AuthConfig.Mode.OFF;
    this.https = config.http().publicUrl().filter(url -> url.startsWith("https:")).isPresent();
  }

  @Override
  public Uni<OidcTenantConfig> resolve(
      RoutingContext request, OidcRequestContext<OidcTenantConfig> context) {
    String path = request.normalizedPath();
    Optional<Provider> provider =
        off || !path.startsWith(PATH)
            ? Optional.empty()
            : providers.find(path.substring(PATH.length()));
    return Uni.createFrom().item(provider.map(this::tenant).orElse(null));
  }

  private OidcTenantConfig tenant(Provider provider) {
    OidcConfig settings = provider.settings();
    String path = PATH + provider.name();
    var tenant =
        OidcTenantConfig.authServerUrl(provider.issuer())
            .tenantId(provider.name())
            .applicationType(ApplicationType.WEB_APP)
            .clientId(settings.clientId())
            .connectionTimeout(settings.timeout())
            .authentication()
            .scopes(settings.scopes())
            .addOpenidScope(false)
            .redirectPath(path)
            .forceRedirectHttpsScheme(https)
            .pkceRequired()
            .nonceRequired()
            .stateSecret(stateSecret(settings))
            .cookiePath(path)
            .cookieSameSite(CookieSameSite.LAX)
            .failOnMissingStateParam()
            .end()
            .tokenStateManager()
            .strategy(Strategy.ID_TOKEN)
            .encryptionSecret(stateSecret(settings))
            .end();
    return tenant.credentials(settings.clientSecret()).build();
  }

  /** The same in all servers, since the answer may come to another than the question went out. */
  private static String stateSecret(OidcConfig settings) {
    String text = "entrepot login state " + settings.issuer() + " " + settings.clientSecret();
    byte[] hash =
        DigestAlgorithm.SHA256.newMessageDigest().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash).substring(0, SECRET_LENGTH);
  }
}
