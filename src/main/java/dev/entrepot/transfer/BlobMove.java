package dev.entrepot.transfer;

import dev.entrepot.blob.BlobLocation;
import dev.entrepot.blob.LocatedBlob;
import dev.entrepot.database.Sql;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.StorageException;
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
  private static final String TOTAL =
      "SELECT count(*) FROM blob WHERE state IN ('live', 'condemned')";

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
      List<LocatedBlob> page = LocatedBlob.list(database, null, PAGE);
      while (!page.isEmpty()) {
        for (LocatedBlob blob : page) {
          workers.run(() -> progress.done(move(blob)));
        }
        page = LocatedBlob.list(database, page.getLast().digest(), PAGE);
      }
      workers.awaitAll();
    }
    progress.say();
    return missing.sum() == 0;
  }

  /** How many bytes were moved. */
  private long move(LocatedBlob blob) {
    BlobLocation location = blob.location();
    if (location.isIn(stores.current())) {
      return 0;
    }
    if (!location.isIn(stores.previous())) {
      return lost(blob, "no bytes of its size are there");
    }
    try (BlobContent content =
        stores.previous().open(location.key(), new ByteRange(0, location.size()))) {
      stores.current().restore(location.key(), blob.digest(), location.size(), content.stream());
      return location.size();
    } catch (StorageException.NotFound | StorageException.DigestMismatch e) {
      return lost(blob, String.valueOf(e.getMessage()));
    }
  }

  private long lost(LocatedBlob blob, String why) {
    missing.increment();
    out.accept("MISSING: " + blob.digest() + ": " + why);
    return 0;
  }
}
