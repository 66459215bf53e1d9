package dev.entrepot.backup;

import dev.entrepot.database.Sql;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.task.RenewedHold;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Writes a backup while the server goes on: holds deletions, reads all rows in one snapshot, then
 * the bytes that they name, which are never changed. Bytes that an earlier backup, or one that was
 * killed, has brought are not brought again.
 */
public final class Backup {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

  /** Gives a new connection to the database at each call. */
  @FunctionalInterface
  public interface Connections {
    Connection open() throws SQLException;
  }

  private final Connections database;
  private final BlobStore store;
  private final Consumer<String> out;

  /**
   * @param out gets lines for the operator
   */
  public Backup(Connections database, BlobStore store, Consumer<String> out) {
    this.database = database;
    this.store = store;
    this.out = out;
  }

  /**
   * Writes one.
   *
   * @param to made when it is absent; further backups of the same database go to the same one
   * @param linking whether files may be linked instead of copied, where the file system lets them
   * @param keep how many snapshots stay; bytes that none of them names are deleted
   * @return whether the store had all bytes
   * @throws StartupException when it could not be finished; the next one goes on from there
   */
  public boolean write(Path to, boolean linking, int keep) throws SQLException, IOException {
    try (Connection holding = database.open();
        BackupDirectory target = BackupDirectory.forWriting(to, identity(holding));
        RenewedHold hold = RenewedHold.take(holding, "backup")) {
      Instant now = Instant.now();
      Path begun = target.begin(NAME.format(now));
      Snapshot rows = readRows(begun, now);
      long missing = new BlobCopy(store, target, linking, out).copy(begun, rows.blobs());
      hold.requireHeld("the backup is");
      target.finish(begun, rows.withMissing(missing));
      new Pruning(target).keep(keep);
      out.accept("snapshot " + NAME.format(now) + " is finished");
      return missing == 0;
    }
  }

  /**
   * The identity of the database.
   *
   * @throws StartupException when no server has used it
   */
  public static UUID identity(Connection connection) throws SQLException {
    return Sql.find(
            connection, "SELECT identity FROM instance", row -> row.getObject(1, UUID.class))
        .orElseThrow(() -> new StartupException("There is no server's data in this database."));
  }

  /** All of them as of one moment, whoever writes meanwhile. */
  private Snapshot readRows(Path begun, Instant now) throws SQLException, IOException {
    try (Connection reading = database.open()) {
      reading.setAutoCommit(false);
      reading.setReadOnly(true);
      reading.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      String identity = identity(reading).toString();
      List<Snapshot.Table> tables = Rows.write(reading, begun);
      Snapshot.Blobs blobs = Rows.writeBlobs(reading, begun);
      // Read last: sequences are of no snapshot, and none may fall behind the rows.
      List<Snapshot.Sequence> sequences = Rows.sequences(reading);
      reading.rollback();
      out.accept(
          "%d rows of %d tables, %d blobs of %.0f MB"
              .formatted(
                  tables.stream().mapToLong(Snapshot.Table::rows).sum(),
                  tables.size(),
                  blobs.count(),
                  blobs.bytes() / 1e6));
      return new Snapshot(
          Snapshot.FORMAT,
          identity,
          Rows.schema(reading),
          OffsetDateTime.ofInstant(now, ZoneOffset.UTC).toString(),
          tables,
          sequences,
          blobs);
    }
  }
}
