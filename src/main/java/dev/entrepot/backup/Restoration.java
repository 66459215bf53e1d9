package dev.entrepot.backup;

import dev.entrepot.database.Sql;
import dev.entrepot.error.StartupException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageException;
import dev.entrepot.task.Progress;
import dev.entrepot.task.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/**
 * Brings a backup into an empty store and an empty database: first the bytes, each checked, then
 * all rows in one transaction. Killed half-way, it can be begun again: there are no rows yet.
 */
public final class Restoration implements AutoCloseable {
  private final BackupDirectory backups;
  private final Path from;
  private final Snapshot snapshot;
  private final Consumer<String> out;

  private Restoration(BackupDirectory backups, Path from, Snapshot snapshot, Consumer<String> out) {
    this.backups = backups;
    this.from = from;
    this.snapshot = snapshot;
    this.out = out;
  }

  /**
   * Opens a backup.
   *
   * @param name of the snapshot; null for the newest
   * @throws StartupException when there is none that this program can read
   */
  public static Restoration open(Path directory, @Nullable String name, Consumer<String> out)
      throws IOException {
    BackupDirectory backups = BackupDirectory.forReading(directory);
    try {
      Path from = backups.choose(name);
      Snapshot snapshot = BackupDirectory.read(from);
      out.accept("snapshot " + from.getFileName() + " of " + snapshot.identity());
      return new Restoration(backups, from, snapshot, out);
    } catch (IOException | RuntimeException e) {
      backups.close();
      throw e;
    }
  }

  /** The identity that database and store are going to have. */
  public UUID identity() {
    return UUID.fromString(snapshot.identity());
  }

  /** Brings the bytes; those that are there already are not brought again. */
  public void restoreBlobs(BlobStore store) throws IOException {
    Progress progress = new Progress(out, "blobs", snapshot.blobs().count());
    LongAdder missing = new LongAdder();
    try (var list = BlobList.open(BackupDirectory.blobs(from));
        var workers = new Workers()) {
      for (var entry = list.next(); entry != null; entry = list.next()) {
        BlobList.Entry blob = entry;
        workers.run(
            () -> {
              if (!restore(store, blob)) {
                missing.increment();
              }
              progress.done(blob.size());
            });
      }
      workers.awaitAll();
      if (!list.checksum().equals(snapshot.blobs().sha256())) {
        throw new StartupException("The list of blobs in the backup is not what was written.");
      }
    }
    progress.say();
    if (missing.sum() > 0) {
      out.accept(
          missing.sum() + " blobs are not in the backup: they are unknown until they are pushed");
    }
  }

  private boolean restore(BlobStore store, BlobList.Entry blob) {
    try (InputStream bytes = Files.newInputStream(backups.blob(blob.key()))) {
      store.restore(blob.key(), blob.digest(), blob.size(), bytes);
      return true;
    } catch (NoSuchFileException e) {
      out.accept("MISSING: " + blob.digest());
      return false;
    } catch (StorageException.DigestMismatch e) {
      out.accept("ROTTEN: " + blob.digest() + ": " + e.getMessage());
      return false;
    } catch (IOException e) {
      throw new StartupException("The backup cannot be read: " + e, e);
    }
  }

  /**
   * Makes the tables as they were at the backup, fills them, and then brings them to the version of
   * this program.
   *
   * @param flyway of the database, which may be new, or be one that no server has used
   * @throws StartupException when the backup is of a newer version, or the database is in use
   */
  public void restoreRows(Backup.Connections database, Flyway flyway)
      throws SQLException, IOException {
    MigrationVersion version = MigrationVersion.fromVersion(snapshot.schema());
    requireKnown(version, flyway);
    Flyway.configure().configuration(flyway.getConfiguration()).target(version).load().migrate();
    try (Connection connection = database.open()) {
      String there = Rows.schema(connection);
      if (!there.equals(snapshot.schema())) {
        throw new StartupException(
            "The database has tables of version "
                + there
                + ", the backup of version "
                + snapshot.schema()
                + ". Restore to an empty one.");
      }
      connection.setAutoCommit(false);
      try {
        Rows.read(connection, from, snapshot);
        beginEra(connection);
        connection.commit();
      } finally {
        connection.rollback(); // does nothing after the commit
      }
    }
    flyway.migrate();
    out.accept(
        "%d rows of %d tables"
            .formatted(
                snapshot.tables().stream().mapToLong(Snapshot.Table::rows).sum(),
                snapshot.tables().size()));
  }

  private void requireKnown(MigrationVersion version, Flyway flyway) {
    boolean known =
        Arrays.stream(flyway.info().all()).map(MigrationInfo::getVersion).anyMatch(version::equals);
    if (!known) {
      throw new StartupException(
          "The backup is of a newer version of this program (tables of version "
              + version
              + "). Restore it with that one, or a newer.");
    }
  }

  /** Transactions count from the beginning again here: what comes now is after all there is. */
  private void beginEra(Connection transaction) throws SQLException {
    int era =
        Sql.find(
                transaction,
                """
                SELECT 1 + greatest(
                  (SELECT coalesce(max(era), 0) FROM audit_event),
                  (SELECT coalesce(max(era), 0) FROM audit_seal))
                """,
                row -> row.getInt(1))
            .orElseThrow();
    Sql.update(transaction, "ALTER TABLE audit_event ALTER COLUMN era SET DEFAULT " + era);
    AuditEvent event =
        AuditEvent.of(AuditKind.RESTORE, Actor.SYSTEM, from.getFileName().toString())
            .with(Map.of("era", Integer.toString(era)));
    Sql.update(transaction, AuditEvent.INSERT, event.arguments());
  }

  @Override
  public void close() throws IOException {
    backups.close();
  }
}
