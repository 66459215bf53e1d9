package dev.entrepot.gc;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.DeletionHold;
import dev.entrepot.database.Sql;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in the store that no row names: a crash came between the two. An upload may live for its
 * expiry, and what it has stored be made a blob for as long again; after that no row can follow.
 */
@Singleton
class Orphans implements Step {
  /** Rotten ones have their own time. */
  private static final String NAMED =
      """
      SELECT storage_key FROM blob WHERE storage_key = ANY (?)
      UNION ALL SELECT storage_key FROM quarantine WHERE storage_key = ANY (?)
      """;

  private final Database database;
  private final BlobStore store;
  private final GcMetrics metrics;
  private final int batchSize;
  private final Duration age;
  private final Clock clock = Clock.systemUTC();

  Orphans(Database database, BlobStore store, GcMetrics metrics, EntrepotConfig config) {
    this.database = database;
    this.store = store;
    this.metrics = metrics;
    this.batchSize = config.gc().batchSize();
    this.age = config.upload().expiry().multipliedBy(2);
  }

  @Override
  public String name() {
    return "orphans";
  }

  @Override
  public @Nullable String batch(@Nullable String cursor) {
    List<StoredBlob> page = store.list(cursor == null ? null : new StorageKey(cursor), batchSize);
    Instant before = clock.instant().minus(age);
    List<StoredBlob> old =
        page.stream().filter(bytes -> bytes.modified().isBefore(before)).toList();
    if (!old.isEmpty()) {
      List<StoredBlob> orphans = database.transactByKeys(transaction -> unnamed(transaction, old));
      orphans.forEach(this::delete);
    }
    return page.size() < batchSize ? null : page.getLast().key().value();
  }

  private static List<StoredBlob> unnamed(Connection transaction, List<StoredBlob> bytes)
      throws SQLException {
    if (!DeletionHold.mayDelete(transaction)) {
      return List.of();
    }
    String[] keys = bytes.stream().map(stored -> stored.key().value()).toArray(String[]::new);
    Set<String> named =
        new HashSet<>(Sql.list(transaction, NAMED, row -> row.getString(1), keys, keys));
    return bytes.stream().filter(stored -> !named.contains(stored.key().value())).toList();
  }

  private void delete(StoredBlob orphan) {
    Log.infof("bytes without a row deleted key=%s size=%d", orphan.key(), orphan.size());
    store.delete(orphan.key());
    metrics.deleted("orphan", 1);
    metrics.freed(orphan.size());
  }
}
