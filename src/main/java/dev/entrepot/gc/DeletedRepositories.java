package dev.entrepot.gc;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Repositories that cannot be restored any more. Without a name to have back, such a repository
 * loses its content batch by batch, and last its row.
 */
@Singleton
class DeletedRepositories implements Step {
  private static final String GIVE_UP =
      """
      UPDATE repository SET deleted_name = NULL FROM (
        SELECT id, deleted_name FROM repository
        WHERE deleted_name IS NOT NULL AND deleted_at <= now() - ? * interval '1 millisecond'
        ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED) AS over
      WHERE repository.id = over.id
      RETURNING over.deleted_name
      """;

  /** One server at a time empties it. */
  private static final String NEXT =
      """
      SELECT id FROM repository
      WHERE deleted_at IS NOT NULL AND deleted_name IS NULL AND id > ?
      ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
      """;

  private static final String TAGS =
      """
      DELETE FROM tag WHERE repository_id = ? AND name = ANY (ARRAY(
        SELECT name FROM tag WHERE repository_id = ? LIMIT ?))
      """;

  private static final String MANIFESTS =
      """
      WITH gone AS (
        DELETE FROM manifest WHERE repository_id = ? AND digest = ANY (ARRAY(
          SELECT digest FROM manifest WHERE repository_id = ? LIMIT ?))
        RETURNING repository_id, digest),
      loose AS (
        DELETE FROM manifest_reference r USING gone
        WHERE r.repository_id = gone.repository_id AND r.parent = gone.digest)
      SELECT count(*) FROM gone
      """;

  private static final String TRASH =
      """
      DELETE FROM trash WHERE repository_id = ? AND id = ANY (ARRAY(
        SELECT id FROM trash WHERE repository_id = ? LIMIT ?))
      """;

  private static final String LINKS =
      """
      DELETE FROM repository_blob WHERE repository_id = ? AND digest = ANY (ARRAY(
        SELECT digest FROM repository_blob WHERE repository_id = ? LIMIT ?))
      """;

  /** The rest: those of links that have just gone, and those that the trash has kept. */
  private static final String HOLDERS =
      """
      DELETE FROM blob_holder WHERE repository_id = ? AND digest = ANY (ARRAY(
        SELECT digest FROM blob_holder WHERE repository_id = ? LIMIT ?))
      """;

  private static final String DELETE =
      """
      WITH unlisted AS (DELETE FROM maybe_empty WHERE repository_id = ?)
      DELETE FROM repository WHERE id = ?
      """;

  private final Database database;
  private final GcMetrics metrics;
  private final int batchSize;
  private final long keepMillis;

  DeletedRepositories(Database database, GcMetrics metrics, EntrepotConfig config) {
    this.database = database;
    this.metrics = metrics;
    this.batchSize = config.gc().batchSize();
    this.keepMillis = config.trash().keep().toMillis();
  }

  @Override
  public String name() {
    return "deleted-repositories";
  }

  @Override
  public @Nullable String batch(@Nullable String cursor) {
    if (cursor == null) {
      database.transactByKeys(this::giveUp);
      return "0";
    }
    long after = Long.parseLong(cursor);
    Optional<Long> next =
        database.transactByKeys(
            transaction -> {
              Optional<Long> id = Sql.find(transaction, NEXT, row -> row.getLong(1), after);
              return id.isPresent() && empty(transaction, id.get()) ? Optional.of(after) : id;
            });
    return next.map(String::valueOf).orElse(null);
  }

  private int giveUp(Connection transaction) throws SQLException {
    List<String> names =
        Sql.list(transaction, GIVE_UP, row -> row.getString(1), keepMillis, batchSize);
    for (String name : names) {
      AuditEvent event =
          AuditEvent.in(name, AuditKind.TRASH_EMPTY, Actor.CLEAN_UP, "repository", null);
      Sql.update(transaction, AuditEvent.INSERT, event.arguments());
    }
    metrics.deleted("repository", names.size());
    return names.size();
  }

  /** Takes away a batch of its content; whether there may be more. */
  private boolean empty(Connection transaction, long id) throws SQLException {
    for (String part : List.of(TAGS, TRASH, LINKS, HOLDERS)) {
      if (Sql.update(transaction, part, id, id, batchSize) > 0) {
        return true;
      }
    }
    int manifests =
        Sql.find(transaction, MANIFESTS, row -> row.getInt(1), id, id, batchSize).orElse(0);
    if (manifests > 0) {
      return true;
    }
    Sql.update(transaction, DELETE, id, id);
    return false;
  }
}
