package dev.entrepot.http;

import dev.entrepot.config.EntrepotConfig;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** {@code WWW-Authenticate}: where to fetch a token, for what, and what was wrong with the last. */
@Singleton
public final class Challenge {
  private final Forwarding forwarding;
  private final String service;

  Challenge(Forwarding forwarding, EntrepotConfig config) {
    this.forwarding = forwarding;
    this.service = config.auth().service();
  }

  /**
   * The header's value. All parts are of grammars that need no escape.
   *
   * @param scope what the token has to hold; null where any will do
   * @param error as RFC 6750, 3.1 names it; null for a request that came without a token
   */
  public String bearer(HttpServerRequest request, @Nullable String scope, @Nullable String error) {
    StringBuilder value = new StringBuilder(200);
    value.append("Bearer realm=\"").append(forwarding.url(request)).append("/token\"");
    value.append(",service=\"").append(service).append('"');
    if (scope != null) {
      value.append(",scope=\"").append(scope).append('"');
    }
    if (error != null) {
      value.append(",error=\"").append(error).append('"');
    }
    return value.toString();
  }
}
