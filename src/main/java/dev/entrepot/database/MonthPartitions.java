package dev.entrepot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * The partitions of a table by month of its column {@code at}. Rows whose month has not been made
 * are in the default partition, and are taken from there when it is.
 */
public final class MonthPartitions {
  private static final int MONTHS_AHEAD = 2;

  private final Database database;
  private final String table;

  public MonthPartitions(Database database, String table) {
    this.database = database;
    this.table = table;
  }

  /** Those that are there. */
  public List<YearMonth> list() {
    return database.read(
        connection ->
            Sql.list(
                connection,
                """
                SELECT substr(c.relname, length(?) + 2)
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = ?::regclass AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
                """,
                row -> YearMonth.parse(row.getString(1).replace('_', '-')),
                table,
                table));
  }

  /** Makes the month and the ones after it, where they are missing. */
  public void makeAhead(YearMonth now) {
    List<YearMonth> there = list();
    for (int ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
      YearMonth month = now.plusMonths(ahead);
      if (!there.contains(month)) {
        database.transact(transaction -> make(transaction, month));
      }
    }
  }

  /** Whatever the month's rows in the default partition, they move: none may be in two places. */
  public boolean make(Connection transaction, YearMonth month) throws SQLException {
    return make(transaction, table, month);
  }

  /** The same without the rest of this class. */
  public static boolean make(Connection transaction, String table, YearMonth month)
      throws SQLException {
    String name = name(table, month);
    String from = "'" + startOf(month).toOffsetDateTime() + "'";
    String to = "'" + startOf(month.plusMonths(1)).toOffsetDateTime() + "'";
    lock(transaction, table);
    if (Sql.exists(transaction, "SELECT 1 WHERE to_regclass(?) IS NOT NULL", name)) {
      return false; // another server was first
    }
    Sql.update(transaction, "LOCK TABLE " + table + "_default IN ACCESS EXCLUSIVE MODE");
    Sql.update(transaction, "CREATE TABLE " + name + " (LIKE " + table + " INCLUDING ALL)");
    Sql.update(
        transaction,
        """
        WITH moved AS (
          DELETE FROM %s_default WHERE at >= %s AND at < %s RETURNING *)
        INSERT INTO %s SELECT * FROM moved
        """
            .formatted(table, from, to, name));
    Sql.update(
        transaction,
        "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)"
            .formatted(table, name, from, to));
    return true;
  }

  /** Drops a month, if it is there. */
  public void drop(Connection transaction, YearMonth month) throws SQLException {
    lock(transaction, table);
    Sql.update(transaction, "DROP TABLE IF EXISTS " + name(month));
  }

  /** The table of a month's rows. */
  public String name(YearMonth month) {
    return name(table, month);
  }

  private static String name(String table, YearMonth month) {
    return table + "_" + month.toString().replace('-', '_');
  }

  /** When a month begins. */
  public static ZonedDateTime startOf(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC);
  }

  private static void lock(Connection transaction, String table) throws SQLException {
    String lock = "SELECT pg_advisory_xact_lock(hashtextextended('partitions of ' || ?, 0))";
    if (!Sql.exists(transaction, lock, table)) {
      throw new IllegalStateException("no answer to a lock");
    }
  }
}
