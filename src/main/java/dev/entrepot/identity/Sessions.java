package dev.entrepot.identity;

import dev.entrepot.auth.Subject;
import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.event.Actor;
import dev.entrepot.http.Forwarding;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.NewCookie;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * Sessions of browsers. The cookie has a personal access token that no script can read, and that
 * the browser sends with nothing that another site began; for the management API it stands for the
 * header that it would be in.
 */
@Singleton
class Sessions {
  /** What logins that begin a session are recorded as. */
  static final String METHOD = "browser";

  private static final String COOKIE = "entrepot_session";
  private static final String API = "/api/v1/*";
  private static final Duration LIFE = Duration.ofHours(12);

  private final LoginSecrets secrets;
  private final Forwarding forwarding;
  private final boolean off;

  Sessions(LoginSecrets secrets, Forwarding forwarding, EntrepotConfig config) {
    this.secrets = secrets;
    this.forwarding = forwarding;
    this.off = config.auth().mode() == AuthConfig.Mode.OFF || config.auth().oidc().isEmpty();
  }

  /** A session of a user who has just logged in. */
  NewCookie start(Subject user, HttpServerRequest request) {
    var login = new Actor(user, forwarding.clientAddress(request), "");
    LoginSecrets.Issued issued = secrets.issue(login, METHOD, LIFE);
    String credentials = issued.username() + ":" + issued.secret().text();
    return new NewCookie.Builder(COOKIE)
        .value(
            Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
        .path("/api/v1")
        .maxAge((int) LIFE.toSeconds())
        .httpOnly(true)
        .secure(forwarding.url(request).startsWith("https:"))
        .sameSite(NewCookie.SameSite.STRICT)
        .build();
  }

  void serve(@Observes Router router) {
    if (!off) {
      router.route(API).order(Integer.MIN_VALUE).handler(Sessions::authorize);
    }
  }

  private static void authorize(RoutingContext context) {
    Cookie cookie = context.request().getCookie(COOKIE);
    if (cookie != null && !context.request().headers().contains(HttpHeaders.AUTHORIZATION)) {
      context.request().headers().set(HttpHeaders.AUTHORIZATION, basic(cookie.getValue()));
    }
    context.next();
  }

  private static String basic(String value) {
    return "Basic " + value.replace('-', '+').replace('_', '/');
  }
}
