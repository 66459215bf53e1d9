package dev.entrepot.gc;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the blobs or manifests of all repositories. What nothing needs is condemned, which
 * only notes the time; what was condemned long enough ago is locked, judged again, and removed.
 *
 * <p>Queries ask with {@code (SELECT 1 … LIMIT 1) IS NOT NULL} and not with {@code EXISTS}, for
 * which the planner may read the other table whole, into a hash.
 *
 * <p>The second judgement is a statement of its own after the one that locks: it sees whatever was
 * committed by those who held the rows before, and who comes later waits for this transaction.
 */
abstract class ContentScan implements Step {
  /** A page in the order of the key. */
  private static final String AFTER =
      """
      WITH page AS MATERIALIZED (
        SELECT repository_id, digest, condemned_at%2$s FROM %1$s
        WHERE (repository_id, digest) > (?, ?) ORDER BY repository_id, digest LIMIT ?)
      """;

  /** Those that are given. */
  private static final String GIVEN =
      """
      WITH page AS MATERIALIZED (
        SELECT repository_id, digest, condemned_at%2$s FROM %1$s
        JOIN unnest(?::text[]::bigint[], ?) AS given (repository_id, digest)
          USING (repository_id, digest))
      """;

  private static final String SET =
      """
      UPDATE %1$s AS content SET condemned_at = %2$s
      FROM (
        SELECT repository_id, digest FROM %1$s
        JOIN unnest(?::text[]::bigint[], ?) AS given (repository_id, digest)
          USING (repository_id, digest)
        WHERE condemned_at IS %3$s FOR NO KEY UPDATE OF %1$s SKIP LOCKED) AS found
      WHERE content.repository_id = found.repository_id AND content.digest = found.digest
      """;

  /** Skips what others work on: it is needed, or somebody else's to remove. */
  private static final String LOCK =
      """
      SELECT repository_id, digest FROM %1$s
      JOIN unnest(?::text[]::bigint[], ?) AS given (repository_id, digest)
        USING (repository_id, digest)
      WHERE condemned_at IS NOT NULL FOR UPDATE OF %1$s SKIP LOCKED
      """;

  private final Database database;
  private final String table;
  private final String pageAfter;
  private final String pageGiven;
  private final int batchSize;

  /**
   * A scan.
   *
   * @param judge a query of the columns that {@link Verdict#read} reads, from {@code page}
   * @param columns of the table that {@code judge} needs beside the key and {@code condemned_at},
   *     each after a comma
   */
  ContentScan(Database database, String table, String columns, String judge, int batchSize) {
    this.database = database;
    this.table = table;
    this.pageAfter = AFTER.formatted(table, columns) + judge;
    this.pageGiven = GIVEN.formatted(table, columns) + judge;
    this.batchSize = batchSize;
  }

  /** The arguments of {@code judge}. */
  abstract @Nullable Object[] judging();

  /** Removes what is locked and not needed. */
  abstract void remove(List<Key> keys);

  abstract void condemned(int count);

  abstract void revived(int count);

  @Override
  public @Nullable String batch(@Nullable String cursor) {
    List<Verdict> page = page(cursor, batchSize);
    condemned(set(keys(page, Verdict::isToCondemn), true));
    revived(set(keys(page, Verdict::isToRevive), false));
    List<Key> due = keys(page, Verdict::isToRemove);
    if (!due.isEmpty()) {
      remove(due);
    }
    return page.size() < batchSize ? null : page.getLast().key().cursor();
  }

  /** What would become of the next ones. */
  final List<Verdict> page(@Nullable String cursor, int limit) {
    return database.transactByKeys(
        connection ->
            Sql.list(
                connection,
                pageAfter,
                Verdict::read,
                arguments(Key.repositoryOf(cursor), Key.digestOf(cursor), limit)));
  }

  /** Those of the keys that this transaction has locked, and that nothing needs. */
  final List<Key> lockUnneeded(Connection transaction, List<Key> keys) throws SQLException {
    List<Key> locked =
        Sql.list(
            transaction,
            LOCK.formatted(table),
            row -> new Key(row.getLong(1), Sql.digest(row, 2)),
            Key.repositories(keys),
            Key.digests(keys));
    return locked.isEmpty()
        ? locked
        : keys(
            Sql.list(
                transaction,
                pageGiven,
                Verdict::read,
                arguments(Key.repositories(locked), Key.digests(locked))),
            Verdict::isToRemove);
  }

  private int set(List<Key> keys, boolean condemned) {
    return keys.isEmpty()
        ? 0
        : database.transactByKeys(
            connection ->
                Sql.update(
                    connection,
                    SET.formatted(
                        table, condemned ? "now()" : "NULL", condemned ? "NULL" : "NOT NULL"),
                    Key.repositories(keys),
                    Key.digests(keys)));
  }

  private @Nullable Object[] arguments(@Nullable Object... page) {
    @Nullable Object[] judging = judging();
    @Nullable Object[] all = new @Nullable Object[page.length + judging.length];
    System.arraycopy(page, 0, all, 0, page.length);
    System.arraycopy(judging, 0, all, page.length, judging.length);
    return all;
  }

  private static List<Key> keys(Collection<Verdict> page, Predicate<Verdict> which) {
    return page.stream().filter(which).map(Verdict::key).toList();
  }
}
