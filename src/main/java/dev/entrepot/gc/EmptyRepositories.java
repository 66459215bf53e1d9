package dev.entrepot.gc;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Repositories that may hold no manifest: those that do hold one need no look by who lists. A row
 * that is seen together with a manifest says nothing any more, since whoever deletes that manifest
 * adds another; and of several in one hand the last says it all.
 */
@Singleton
class EmptyRepositories implements Step {
  /** Locks what it compares: another server's batch could rely on the very row that goes here. */
  private static final String SETTLE =
      """
      WITH page AS MATERIALIZED (
        SELECT id, repository_id FROM maybe_empty WHERE id > ?
        ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED),
      last AS (SELECT repository_id, max(id) AS id FROM page GROUP BY repository_id),
      empty AS MATERIALIZED (
        SELECT id FROM last WHERE (
          SELECT true FROM manifest m WHERE m.repository_id = last.repository_id LIMIT 1) IS NULL),
      settled AS (
        DELETE FROM maybe_empty USING page
        WHERE maybe_empty.id = page.id AND page.id NOT IN (SELECT id FROM empty))
      SELECT id FROM page ORDER BY id
      """;

  private final Database database;
  private final int batchSize;

  EmptyRepositories(Database database, EntrepotConfig config) {
    this.database = database;
    this.batchSize = config.gc().batchSize();
  }

  @Override
  public String name() {
    return "empty-repositories";
  }

  @Override
  public @Nullable String batch(@Nullable String cursor) {
    long after = cursor == null ? 0 : Long.parseLong(cursor);
    List<Long> page =
        database.transactByKeys(
            connection -> Sql.list(connection, SETTLE, row -> row.getLong(1), after, batchSize));
    return page.size() < batchSize ? null : page.getLast().toString();
  }
}
