package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;

/**
 * Refuses changes that a page of another site makes a browser ask for. With them the browser sends
 * a password that its user has once typed in here, and a client certificate. Programs say nothing
 * of a site, and are let through.
 */
@Singleton
public final class CrossSite {
  private final Forwarding forwarding;

  CrossSite(Forwarding forwarding) {
    this.forwarding = forwarding;
  }

  /**
   * Looks at what the browser says of who asks; older ones, and all over plain HTTP, say it with
   * {@code Origin} only.
   *
   * @throws RegistryException DENIED
   */
  public void refuse(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    boolean own =
        site != null
            ? site.equals("same-origin") || site.equals("none")
            : origin == null || host(origin).equals(host(forwarding.url(request)));
    if (!own) {
      throw new RegistryException(ErrorCode.DENIED, "asked for by a page of another site");
    }
  }

  /** Without the scheme, which a proxy may not tell. */
  private static String host(String url) {
    return url.substring(url.indexOf("//") + 2);
  }
}
