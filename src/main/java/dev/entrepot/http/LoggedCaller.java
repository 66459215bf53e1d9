package dev.entrepot.http;

import dev.entrepot.auth.Subject;
import io.vertx.ext.web.RoutingContext;

/** Who the access log says has sent a request that the framework answers. */
public final class LoggedCaller {
  private static final String KEY = LoggedCaller.class.getName();

  private LoggedCaller() {}

  /** The request's sender has been found out. */
  public static Subject is(RoutingContext routing, Subject caller) {
    routing.put(KEY, caller);
    return caller;
  }

  static Subject of(RoutingContext routing) {
    return routing.get(KEY, Subject.ANONYMOUS);
  }
}
