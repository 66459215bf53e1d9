package dev.entrepot.backup;

import dev.entrepot.database.MonthPartitions;
import dev.entrepot.database.Sql;
import dev.entrepot.error.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Rows out of a database and into another, by COPY: nothing is held in memory. */
final class Rows {
  private static final String SCHEMA =
      """
      SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL
      ORDER BY installed_rank DESC LIMIT 1
      """;

  private static final String SEQUENCES =
      """
      SELECT sequencename, last_value FROM pg_sequences
      WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1
      """;

  private Rows() {}

  /** The version of the newest migration. */
  static String schema(Connection connection) throws SQLException {
    return Sql.find(connection, SCHEMA, row -> row.getString(1))
        .orElseThrow(() -> new StartupException("There is no server's data in this database."));
  }

  static List<Snapshot.Sequence> sequences(Connection connection) throws SQLException {
    return Sql.list(
        connection, SEQUENCES, row -> new Snapshot.Sequence(row.getString(1), row.getLong(2)));
  }

  static List<Snapshot.Table> write(Connection snapshot, Path begun)
      throws SQLException, IOException {
    List<Snapshot.Table> written = new ArrayList<>();
    for (Tables.Table table : Tables.list(snapshot)) {
      var file = CheckedFile.Writer.create(BackupDirectory.table(begun, table.name()));
      long rows;
      try (file) {
        rows =
            copy(snapshot)
                .copyOut(
                    "COPY (SELECT %s FROM %s) TO STDOUT"
                        .formatted(table.columnList(), table.name()),
                    file);
      }
      written.add(
          new Snapshot.Table(table.name(), table.columns(), table.months(), rows, file.checksum()));
    }
    return written;
  }

  static Snapshot.Blobs writeBlobs(Connection snapshot, Path begun)
      throws SQLException, IOException {
    var file = CheckedFile.Writer.create(BackupDirectory.blobs(begun));
    try (file) {
      copy(snapshot).copyOut(BlobList.COPY, file);
    }
    String checksum = file.checksum();
    return Sql.find(
            snapshot,
            BlobList.TOTAL,
            row -> new Snapshot.Blobs(row.getLong(1), row.getLong(2), 0, checksum))
        .orElseThrow();
  }

  /**
   * Fills the tables, which may have only what the migrations have put there. All constraints are
   * checked by the database.
   *
   * @throws StartupException when a file is not what was written, or the tables hold other rows
   */
  static void read(Connection transaction, Path from, Snapshot snapshot)
      throws SQLException, IOException {
    for (String used : List.of("repository", "user_account")) {
      if (Sql.exists(transaction, "SELECT 1 FROM " + used + " LIMIT 1")) {
        throw new StartupException(
            "The database is in use: it holds a " + used + ". Restore to an empty one.");
      }
    }
    for (Snapshot.Table table : snapshot.tables().reversed()) {
      Sql.update(transaction, "DELETE FROM " + table.name());
    }
    for (Snapshot.Table table : snapshot.tables()) {
      for (String month : table.months()) {
        MonthPartitions.make(transaction, table.name(), YearMonth.parse(month));
      }
      fill(transaction, from, table);
    }
    for (Snapshot.Sequence sequence : snapshot.sequences()) {
      Sql.exists(
          transaction, "SELECT setval(?::text::regclass, ?)", sequence.name(), sequence.last());
    }
  }

  private static void fill(Connection transaction, Path from, Snapshot.Table table)
      throws SQLException, IOException {
    try (var file = CheckedFile.Reader.open(BackupDirectory.table(from, table.name()))) {
      String columns = String.join(", ", table.columns());
      long rows =
          copy(transaction)
              .copyIn("COPY %s (%s) FROM STDIN".formatted(table.name(), columns), file);
      if (rows != table.rows() || !file.checksum().equals(table.sha256())) {
        throw new StartupException(
            "The rows of " + table.name() + " in the backup are not those that were written.");
      }
    }
  }

  private static CopyManager copy(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }
}
