package dev.entrepot.http;

import dev.entrepot.auth.Action;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.oci.RepositoryName;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the audit log gets to know of a request that somebody may not make. */
final class Denials {
  private Denials() {}

  /**
   * The event.
   *
   * @param action the right that is missing; null where a rule or a quota forbids it
   */
  static AuditEvent event(
      Actor actor, RegistryPath path, HttpMethod method, @Nullable Action action) {
    Map<String, String> detail =
        Map.of(
            "request", method + " " + path.route(), "action", action == null ? "" : action.text());
    AuditEvent event =
        RepositoryName.tryParse(path.name())
            .map(name -> AuditEvent.in(name.value(), AuditKind.DENIED, actor, null, null))
            .orElseGet(() -> AuditEvent.of(AuditKind.DENIED, actor, null));
    return event.with(detail).asRefused();
  }
}
