package dev.entrepot.management;

import dev.entrepot.database.Sql;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the caller changes to the audit log, in the framework's transaction, which must be
 * under way. What is given must be no secret.
 */
@Singleton
public class Trail {
  private final EntityManager entities;
  private final Caller caller;

  Trail(EntityManager entities, Caller caller) {
    this.entities = entities;
    this.caller = caller;
  }

  /** Something that concerns the whole registry, such as a user. */
  public void record(AuditKind kind, String reference, Map<String, ?> detail) {
    write(AuditEvent.of(kind, caller.actor(), reference), detail);
  }

  /** Something of an organisation. */
  public void recordBelow(
      String namespace, AuditKind kind, String reference, Map<String, ?> detail) {
    write(AuditEvent.of(kind, caller.actor(), reference).below(namespace), detail);
  }

  /** Something of a repository. */
  public void recordIn(
      String repository, AuditKind kind, @Nullable String reference, Map<String, ?> detail) {
    write(AuditEvent.in(repository, kind, caller.actor(), reference, null), detail);
  }

  private void write(AuditEvent event, Map<String, ?> detail) {
    Map<String, String> texts =
        detail.entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
    entities
        .unwrap(Session.class)
        .doWork(
            connection -> Sql.update(connection, AuditEvent.INSERT, event.with(texts).arguments()));
  }
}
