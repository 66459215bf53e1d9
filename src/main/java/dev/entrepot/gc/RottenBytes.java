package dev.entrepot.gc;

import dev.entrepot.blob.BlobLocation;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.DeletionHold;
import dev.entrepot.database.Sql;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that were found rotten. They stay as long as what is in the trash, for whoever wants to
 * look at them; the blob has got others, or waits for them longer.
 */
@Singleton
class RottenBytes implements Step {
  private static final String DUE =
      """
      SELECT storage_key, size FROM quarantine
      WHERE storage_key > ? AND deleted_at IS NULL AND since <= now() - ? * interval '1 millisecond'
      ORDER BY storage_key LIMIT ?
      """;

  private static final String NOTE_GONE =
      "UPDATE quarantine SET deleted_at = now() WHERE storage_key = ?";

  /** A push that comes at the same time has made it live when this has waited for the row. */
  private static final String DROP_UNHELD =
      """
      DELETE FROM blob b USING quarantine q
      WHERE q.deleted_at IS NOT NULL AND b.digest = q.digest AND b.storage_key = q.storage_key
        AND b.state = 'quarantined'
        AND NOT EXISTS (SELECT FROM blob_holder h WHERE h.digest = b.digest)
      """;

  private static final String FORGET =
      """
      DELETE FROM quarantine q WHERE deleted_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM blob b WHERE b.digest = q.digest AND b.storage_key = q.storage_key)
      """;

  private final Database database;
  private final BlobStore store;
  private final GcMetrics metrics;
  private final int batchSize;
  private final long keepMillis;

  RottenBytes(Database database, BlobStore store, GcMetrics metrics, EntrepotConfig config) {
    this.database = database;
    this.store = store;
    this.metrics = metrics;
    this.batchSize = config.gc().batchSize();
    this.keepMillis = config.trash().keep().toMillis();
  }

  @Override
  public String name() {
    return "rotten-bytes";
  }

  @Override
  public @Nullable String batch(@Nullable String cursor) {
    String after = cursor == null ? "" : cursor;
    List<BlobLocation> due =
        database.transact(
            transaction ->
                DeletionHold.mayDelete(transaction)
                    ? Sql.list(
                        transaction,
                        DUE,
                        row -> new BlobLocation(new StorageKey(row.getString(1)), row.getLong(2)),
                        after,
                        keepMillis,
                        batchSize)
                    : List.of());
    due.forEach(this::delete);
    if (due.size() == batchSize) {
      return due.getLast().key().value();
    }
    database.transactByKeys(connection -> Sql.update(connection, DROP_UNHELD));
    database.transactByKeys(connection -> Sql.update(connection, FORGET));
    return null;
  }

  private void delete(BlobLocation bytes) {
    try {
      store.delete(bytes.key());
    } catch (StorageException e) {
      Log.warnf("bytes not deleted, tried again later key=%s error=%s", bytes.key(), e);
      return;
    }
    database.read(connection -> Sql.update(connection, NOTE_GONE, bytes.key().value()));
    metrics.deleted("rotten", 1);
    metrics.freed(bytes.size());
  }
}
