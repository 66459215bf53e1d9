package dev.entrepot.transfer;

import dev.entrepot.database.Sql;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.store.ReadThroughStore;
import dev.entrepot.task.Progress;
import dev.entrepot.task.Workers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Brings the bytes of all blobs to the current store under the keys that they have, while servers
 * read through to the previous one. Each is checked. Killed, it can be run again: what is there is
 * not brought again.
 */
public final class BlobMove {
  private static final int PAGE = 500;
  private static final byte[] BEFORE_ALL = {};

  private static final String TOTAL =
      "SELECT count(*) FROM blob WHERE state IN ('live', 'condemned')";

  private static final String LIST =
      """
      SELECT digest, storage_key, size FROM blob
      WHERE digest > ? AND state IN ('live', 'condemned') ORDER BY digest LIMIT ?
      """;

  private record Blob(Digest digest, StorageKey key, long size) {}

  private final Connection database;
  private final ReadThroughStore stores;
  private final Consumer<String> out;
  private final LongAdder missing = new LongAdder();

  /**
   * @param out gets lines for the operator
   */
  public BlobMove(Connection database, ReadThroughStore stores, Consumer<String> out) {
    this.database = database;
    this.stores = stores;
    this.out = out;
  }

  /** Whether all blobs are in the current store afterwards. */
  public boolean move() throws SQLException {
    long total = Sql.find(database, TOTAL, row -> row.getLong(1)).orElseThrow();
    Progress progress = new Progress(out, "blobs", total);
    try (var workers = new Workers()) {
      List<Blob> page = page(BEFORE_ALL);
      while (!page.isEmpty()) {
        for (Blob blob : page) {
          workers.run(() -> progress.done(move(blob)));
        }
        page = page(page.getLast().digest().toBytes());
      }
      workers.awaitAll();
    }
    progress.say();
    return missing.sum() == 0;
  }

  private List<Blob> page(byte[] after) throws SQLException {
    return Sql.list(
        database,
        LIST,
        row -> new Blob(Sql.digest(row, 1), new StorageKey(row.getString(2)), row.getLong(3)),
        after,
        PAGE);
  }

  /** How many bytes were moved. */
  private long move(Blob blob) {
    if (isIn(stores.current(), blob)) {
      return 0;
    }
    if (!isIn(stores.previous(), blob)) {
      return lost(blob, "no bytes of its size are there");
    }
    try (BlobContent content = stores.previous().open(blob.key(), new ByteRange(0, blob.size()))) {
      stores.current().restore(blob.key(), blob.digest(), blob.size(), content.stream());
      return blob.size();
    } catch (StorageException.NotFound | StorageException.DigestMismatch e) {
      return lost(blob, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isIn(BlobStore store, Blob blob) {
    return store.stat(blob.key()).filter(there -> there.size() == blob.size()).isPresent();
  }

  private long lost(Blob blob, String why) {
    missing.increment();
    out.accept("MISSING: " + blob.digest() + ": " + why);
    return 0;
  }
}
