package dev.entrepot.upload;

import dev.entrepot.blob.UsageLedger;
import io.quarkus.logging.Log;
import java.sql.Connection;
import java.sql.SQLException;

/** The room that an upload has within the quotas. Used by the one request that has the upload. */
final class Room {
  /** What an upload whose length nobody has declared may bring before room is asked for again. */
  static final long CHUNK = 4 << 20;

  private final UsageLedger usage;
  private final UploadId id;
  private long reserved;
  private boolean kept;

  Room(UsageLedger usage, UploadId id) {
    this.usage = usage;
    this.id = id;
  }

  /**
   * Sees to it that there is room for so many bytes.
   *
   * @param total all of the upload
   * @throws dev.entrepot.error.RegistryException DENIED when there is not
   */
  void need(long total) {
    if (total > reserved) {
      kept |= usage.reserve(id.uuid(), id.repository(), total);
      reserved = total;
    }
  }

  /** The same while bytes come: asks once for each chunk. */
  void grow(long total) {
    if (total - reserved >= CHUNK) {
      need(total);
    }
  }

  /** Gives up what goes beyond the bytes that are kept. */
  void shrink(long total) {
    if (kept && total < reserved) {
      giveBack(total);
    }
  }

  /** Gives up all of it, also what other servers have reserved for the upload. */
  void drop() {
    giveBack(0);
  }

  private void giveBack(long total) {
    try {
      if (total == 0) {
        usage.release(id.uuid());
        kept = false;
      } else {
        usage.reserve(id.uuid(), id.repository(), total);
      }
      reserved = total;
    } catch (RuntimeException e) {
      Log.warnf(e, "room not given back upload=%s", id.uuid()); // it is with time
    }
  }

  /** Gives it up in the transaction that counts the blob instead. */
  void exchange(Connection transaction) throws SQLException {
    if (kept) {
      usage.release(transaction, id.uuid());
    }
  }

  /** After that transaction. */
  void exchanged() {
    kept = false;
  }
}
