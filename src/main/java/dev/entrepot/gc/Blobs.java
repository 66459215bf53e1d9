package dev.entrepot.gc;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.DeletionHold;
import dev.entrepot.database.Sql;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that no repository holds: condemned, then marked as being deleted, which is committed
 * before anything is deleted, then deleted, and last the row. A push that meets the first makes it
 * live, one that meets the second brings bytes under a key of its own.
 */
@Singleton
class Blobs implements Step {
  static final String PAGE =
      """
      SELECT digest, storage_key, size, state,
        (SELECT 1 FROM blob_holder h WHERE h.digest = page.digest LIMIT 1) IS NOT NULL,
        coalesce(condemned_at <= now() - ? * interval '1 millisecond', false)
      FROM (
        SELECT * FROM blob WHERE digest > ? ORDER BY digest LIMIT ?) AS page
      ORDER BY digest
      """;

  private static final String LOCK =
      """
      SELECT digest FROM blob JOIN unnest(?) AS given (digest) USING (digest)
      WHERE state = ? FOR UPDATE OF blob SKIP LOCKED
      """;

  /** After the lock and not together with it: who held the row may have made a holder. */
  private static final String MARK =
      """
      UPDATE blob SET state = ?, condemned_at = now() FROM unnest(?) AS given (digest)
      WHERE blob.digest = given.digest AND NOT EXISTS (
        SELECT FROM blob_holder h WHERE h.digest = given.digest)
      RETURNING blob.digest, storage_key, size
      """;

  private static final String DELETE =
      "DELETE FROM blob WHERE digest = ? AND state = 'deleting' AND storage_key = ?";

  private static final byte[] BEFORE_ALL = {};

  private final Database database;
  private final BlobStore store;
  private final GcMetrics metrics;
  private final int batchSize;
  private final long waitMillis;

  Blobs(Database database, BlobStore store, GcMetrics metrics, EntrepotConfig config) {
    this.database = database;
    this.store = store;
    this.metrics = metrics;
    this.batchSize = config.gc().batchSize();
    this.waitMillis = Waits.unheld(config.gc().grace()).toMillis();
  }

  /** A row of the page. */
  record Row(Digest digest, StorageKey key, long size, String state, boolean held, boolean due) {}

  private record Doomed(Digest digest, StorageKey key, long size) {}

  @Override
  public String name() {
    return "bytes";
  }

  @Override
  public @Nullable String batch(@Nullable String cursor) {
    List<Row> page = page(cursor, batchSize);
    condemn(digests(page, row -> row.state().equals("live") && !row.held()));
    markDeleting(digests(page, row -> row.state().equals("condemned") && row.due()))
        .forEach(this::delete);
    page.stream()
        .filter(row -> row.state().equals("deleting"))
        .forEach(row -> delete(new Doomed(row.digest(), row.key(), row.size())));
    return page.size() < batchSize ? null : cursor(page);
  }

  static String cursor(List<Row> page) {
    return HexFormat.of().formatHex(page.getLast().digest().toBytes());
  }

  List<Row> page(@Nullable String cursor, int limit) {
    byte[] after = cursor == null ? BEFORE_ALL : HexFormat.of().parseHex(cursor);
    return database.transactByKeys(
        connection -> Sql.list(connection, PAGE, Blobs::row, waitMillis, after, limit));
  }

  private void condemn(List<Digest> digests) {
    if (!digests.isEmpty()) {
      List<Doomed> condemned =
          database.transactByKeys(transaction -> mark(transaction, digests, "live", "condemned"));
      metrics.condemned("bytes", condemned.size());
    }
  }

  private List<Doomed> markDeleting(List<Digest> digests) {
    return digests.isEmpty()
        ? List.of()
        : database.transactByKeys(
            transaction ->
                DeletionHold.mayDelete(transaction)
                    ? mark(transaction, digests, "condemned", "deleting")
                    : List.of());
  }

  private static List<Doomed> mark(
      Connection transaction, List<Digest> digests, String from, String to) throws SQLException {
    List<Digest> locked =
        Sql.list(transaction, LOCK, row -> Sql.digest(row, 1), Sql.digests(digests), from);
    return locked.isEmpty()
        ? List.of()
        : Sql.list(
            transaction,
            MARK,
            row -> new Doomed(Sql.digest(row, 1), new StorageKey(row.getString(2)), row.getLong(3)),
            to,
            Sql.digests(locked));
  }

  /** Deleting what was deleted before is no error, so whatever is in doubt is done again. */
  private void delete(Doomed row) {
    try {
      store.delete(row.key());
    } catch (StorageException e) {
      Log.warnf("bytes not deleted, tried again later key=%s error=%s", row.key(), e);
      return;
    }
    database.transactByKeys(
        connection -> Sql.update(connection, DELETE, row.digest(), row.key().value()));
    metrics.deleted("bytes", 1);
    metrics.freed(row.size());
  }

  private static List<Digest> digests(List<Row> page, Predicate<Row> which) {
    return page.stream().filter(which).map(Row::digest).toList();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        Sql.digest(row, 1),
        new StorageKey(row.getString(2)),
        row.getLong(3),
        row.getString(4),
        row.getBoolean(5),
        row.getBoolean(6));
  }
}
