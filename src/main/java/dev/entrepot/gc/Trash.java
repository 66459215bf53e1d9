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
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What has been in the trash for its time. */
@Singleton
class Trash implements Step {
  /** Not what somebody is restoring. */
  private static final String LOCK =
      """
      SELECT t.repository_id, t.id, coalesce(r.deleted_name, r.name)
      FROM (
        SELECT repository_id, id FROM trash
        WHERE deleted_at <= now() - ? * interval '1 millisecond'
        ORDER BY deleted_at LIMIT ? FOR UPDATE SKIP LOCKED) AS t
      JOIN repository r ON r.id = t.repository_id
      """;

  private static final String REFERENCES =
      """
      DELETE FROM trash_reference t
      USING unnest(?::text[]::bigint[], ?::text[]::bigint[]) AS given (repository_id, id)
      WHERE t.repository_id = given.repository_id AND t.trash_id = given.id
      RETURNING t.repository_id, t.child
      """;

  private static final String DELETE =
      """
      DELETE FROM trash t
      USING unnest(?::text[]::bigint[], ?::text[]::bigint[]) AS given (repository_id, id)
      WHERE t.repository_id = given.repository_id AND t.id = given.id
      """;

  private final Database database;
  private final GcMetrics metrics;
  private final int batchSize;
  private final long keepMillis;

  Trash(Database database, GcMetrics metrics, EntrepotConfig config) {
    this.database = database;
    this.metrics = metrics;
    this.batchSize = config.gc().batchSize();
    this.keepMillis = config.trash().keep().toMillis();
  }

  private record Entry(long repository, long id, String name) {}

  @Override
  public String name() {
    return "trash";
  }

  @Override
  public @Nullable String batch(@Nullable String cursor) {
    int gone = database.transactByKeys(this::empty);
    metrics.deleted("trash", gone);
    return gone < batchSize ? null : "more";
  }

  private int empty(Connection transaction) throws SQLException {
    List<Entry> over =
        Sql.list(
            transaction,
            LOCK,
            row -> new Entry(row.getLong(1), row.getLong(2), row.getString(3)),
            keepMillis,
            batchSize);
    if (over.isEmpty()) {
      return 0;
    }
    String[] repositories = Sql.texts(over.stream().map(Entry::repository).toList());
    String[] ids = Sql.texts(over.stream().map(Entry::id).toList());
    List<Key> children =
        Sql.list(
            transaction,
            REFERENCES,
            row -> new Key(row.getLong(1), Sql.digest(row, 2)),
            repositories,
            ids);
    Sql.update(transaction, DELETE, repositories, ids);
    release(transaction, children);
    record(transaction, over);
    return over.size();
  }

  /** Lets go of the blobs that only the trash has held. */
  static void release(Connection transaction, List<Key> children) throws SQLException {
    if (!children.isEmpty()) {
      String[] repositories = Key.repositories(children);
      byte[][] digests = Key.digests(children);
      Sql.exists(transaction, Links.LOCK_HOLDERS, repositories, digests);
      Sql.update(transaction, Links.UNHOLD, repositories, digests);
    }
  }

  private static void record(Connection transaction, List<Entry> over) throws SQLException {
    Map<String, Long> counts = new TreeMap<>();
    over.forEach(entry -> counts.merge(entry.name(), 1L, Long::sum));
    for (Map.Entry<String, Long> repository : counts.entrySet()) {
      AuditEvent event =
          AuditEvent.in(repository.getKey(), AuditKind.TRASH_EMPTY, Actor.CLEAN_UP, null, null)
              .times(repository.getValue());
      Sql.update(transaction, AuditEvent.INSERT, event.arguments());
    }
  }
}
