package dev.entrepot.http;

import dev.entrepot.auth.Action;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of what the registry API answers: route × method → right needed, endpoint. */
public final class Endpoints {
  /**
   * One endpoint.
   *
   * @param action what the caller must be allowed to do
   * @param asked that, and what the endpoint wants to know beside
   */
  record Entry(HttpMethod method, Action action, Set<Action> asked, Endpoint endpoint) {}

  private final Map<Route, List<Entry>> table = new EnumMap<>(Route.class);

  Endpoints() {
    for (Route route : Route.values()) {
      table.put(route, new ArrayList<>());
    }
  }

  /**
   * Adds an endpoint. One for GET answers HEAD as well.
   *
   * @param action what the caller must be allowed to do in the path's repository
   */
  public Endpoints on(Route route, HttpMethod method, Action action, Endpoint endpoint) {
    return on(route, method, action, Set.of(), endpoint);
  }

  /**
   * Adds an endpoint that does more for some callers: it asks {@link Exchange#may}.
   *
   * @param beside what callers may be allowed to do there, and need not
   */
  public Endpoints on(
      Route route, HttpMethod method, Action action, Set<Action> beside, Endpoint endpoint) {
    if (find(route, method) != null) {
      throw new IllegalStateException("two endpoints for " + method + " of " + route);
    }
    Set<Action> asked = EnumSet.of(action);
    asked.addAll(beside);
    entries(route).add(new Entry(method, action, Set.copyOf(asked), endpoint));
    return this;
  }

  @Nullable Entry find(Route route, HttpMethod method) {
    List<Entry> entries = entries(route);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).method.equals(method)) {
        return entries.get(i);
      }
    }
    return method.equals(HttpMethod.HEAD) ? find(route, HttpMethod.GET) : null;
  }

  /** The value of {@code Allow} for a route. */
  String allowed(Route route) {
    List<String> methods = new ArrayList<>();
    for (Entry entry : entries(route)) {
      methods.add(entry.method.name());
      if (entry.method.equals(HttpMethod.GET)) {
        methods.add("HEAD");
      }
    }
    return String.join(", ", methods);
  }

  private List<Entry> entries(Route route) {
    return java.util.Objects.requireNonNull(table.get(route));
  }
}
