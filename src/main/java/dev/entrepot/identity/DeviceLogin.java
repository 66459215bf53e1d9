package dev.entrepot.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.federation.IssuerUnavailableException;
import dev.entrepot.config.OidcConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.identity.Providers.Provider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Login of a program without a browser, with a provider's device flow: RFC 8628. This server keeps
 * nothing between the steps; the program holds the provider's device code, which is worth nothing
 * without this server's client secret.
 */
@Singleton
class DeviceLogin {
  private static final Logger LOG = Logger.getLogger(DeviceLogin.class);
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  private static final String METHOD = "device";
  private static final int DEFAULT_INTERVAL_SECONDS = 5;

  /** What the provider may say, and a program acts on: RFC 8628, 3.5. */
  private static final Set<String> ERRORS =
      Set.of("authorization_pending", "slow_down", "access_denied", "expired_token");

  /** The provider has not let the user in yet, or will not. */
  static final class NotYetException extends Exception {
    private static final long serialVersionUID = 1;

    private final String error;

    NotYetException(String error) {
      super(error, null, false, false);
      this.error = error;
    }

    /** One of the codes of RFC 8628, 3.5. */
    String error() {
      return error;
    }
  }

  private final Providers providers;
  private final IssuerDocuments documents;
  private final HttpDocuments http;
  private final ProviderLogins logins;
  private final LoginSecrets secrets;
  private final ObjectMapper json;

  DeviceLogin(
      Providers providers,
      IssuerDocuments documents,
      HttpDocuments http,
      ProviderLogins logins,
      LoginSecrets secrets,
      ObjectMapper json) {
    this.providers = providers;
    this.documents = documents;
    this.http = http;
    this.logins = logins;
    this.secrets = secrets;
    this.json = json;
  }

  /** The first step: what to show the user. */
  DeviceCode start(String providerName) {
    Provider provider = provider(providerName);
    Map<String, String> form = client(provider.settings());
    form.put("scope", String.join(" ", provider.settings().scopes()));
    JsonNode answer = post(provider, "device_authorization_endpoint", form);
    if (!answer.hasNonNull("device_code")) {
      LOG.warnf("no device code provider=%s error=%s", providerName, answer.path("error").asText());
      throw SignedTokens.unavailable();
    }
    return new DeviceCode(
        answer.path("device_code").asText(),
        answer.path("user_code").asText(),
        answer.path("verification_uri").asText(),
        answer.path("verification_uri_complete").asText(answer.path("verification_uri").asText()),
        answer.path("expires_in").asInt(),
        answer.path("interval").asInt(DEFAULT_INTERVAL_SECONDS));
  }

  /**
   * Asks whether the user has said yes.
   *
   * @param address of the program
   * @throws NotYetException when not
   */
  LoginSecrets.Issued finish(String providerName, String deviceCode, String address)
      throws NotYetException {
    Provider provider = provider(providerName);
    Map<String, String> form = client(provider.settings());
    form.put("grant_type", GRANT);
    form.put("device_code", deviceCode);
    JsonNode answer = post(provider, "token_endpoint", form);
    if (!answer.hasNonNull("id_token")) {
      String error = answer.path("error").asText();
      throw new NotYetException(ERRORS.contains(error) ? error : "invalid_grant");
    }
    Subject user = logins.logIn(provider, answer.path("id_token").asText(), METHOD, address);
    return secrets.issue(new Actor(user, address, ""), METHOD, provider.settings().deviceLife());
  }

  private Provider provider(String name) {
    return providers
        .find(name)
        .orElseThrow(
            () -> new RegistryException(ErrorCode.HEADER_INVALID, "there is no such provider"));
  }

  private static Map<String, String> client(OidcConfig settings) {
    Map<String, String> form = new HashMap<>();
    form.put("client_id", settings.clientId());
    form.put("client_secret", settings.clientSecret());
    return form;
  }

  private JsonNode post(Provider provider, String endpoint, Map<String, String> form) {
    try {
      String uri = documents.discovery(provider.issuer()).path(endpoint).asText();
      return json.readTree(http.post(URI.create(uri), form).body());
    } catch (JsonProcessingException e) {
      LOG.warnf("provider answers no JSON name=%s", provider.name());
      throw SignedTokens.unavailable();
    } catch (IOException | IllegalArgumentException | IssuerUnavailableException e) {
      LOG.warnf("provider not asked name=%s error=%s", provider.name(), e.getMessage());
      throw SignedTokens.unavailable();
    }
  }
}
