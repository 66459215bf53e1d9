package dev.entrepot.tag;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.database.Database;
import dev.entrepot.database.MonthPartitions;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TagHistoryPartitionsIT {
  private TestDatabase postgres;
  private Database database;

  @BeforeEach
  void open() {
    postgres = TestDatabase.open();
    database = postgres.database();
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void thisMonthAndTwoAheadAreMadeOnce() {
    keepAt("2026-11-30T23:59:59Z");
    keepAt("2026-11-30T23:59:59Z");
    assertEquals(
        List.of("default", "2026_11", "2026_12", "2027_01").stream().sorted().toList(),
        partitions());
  }

  @Test
  void severalServersMayDoItAtOnce() throws Exception {
    AtOnce.atOnce(
        4,
        i -> {
          keepAt("2026-11-15T00:00:00Z");
          return null;
        });
    assertEquals(4, partitions().size());
  }

  @Test
  void rowsThatCameWithoutAMonthMoveToIt() {
    insertAt("2027-05-01T00:00:00Z");
    insertAt("2027-05-31T23:59:59.999Z");
    insertAt("2027-09-01T00:00:00Z");
    assertEquals(3, count("tag_history_default"));
    keepAt("2027-05-15T00:00:00Z");
    assertEquals(2, count("tag_history_2027_05"));
    assertEquals(1, count("tag_history_default"));
    assertEquals(3, count("tag_history"));
  }

  @Test
  void aRowWhoseMonthIsBeingMadeIsWrittenThere() throws Exception {
    YearMonth month = YearMonth.of(2027, 5);
    MonthPartitions months = new MonthPartitions(database, "tag_history");
    try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> row =
          database.transact(
              transaction -> {
                months.make(transaction, month);
                Future<?> waiting = other.submit(() -> insertAt("2027-05-02T00:00:00Z"));
                await().until(() -> isAnybodyWaiting(transaction));
                return waiting;
              });
      row.get();
    }
    assertEquals(1, count("tag_history_2027_05"));
  }

  private static boolean isAnybodyWaiting(Connection connection) throws SQLException {
    return Sql.exists(
        connection,
        "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'tag_history_default'::regclass");
  }

  @Test
  void newRowsGoToTheirMonth() {
    keepAt("2026-11-15T00:00:00Z");
    insertAt("2026-11-30T23:00:00-02:00");
    assertEquals(1, count("tag_history_2026_12"));
  }

  @Test
  void monthsPastTheRetentionAreDropped() {
    keepAt("2026-11-15T00:00:00Z");
    insertAt("2026-11-15T00:00:00Z");
    insertAt("2020-01-01T00:00:00Z");
    keepAt("2027-11-30T00:00:00Z");
    assertEquals(1, count("tag_history"));
    keepAt("2027-12-01T00:00:00Z");
    assertEquals(0, count("tag_history"));
    assertEquals(
        List.of("2026_12", "2027_01", "2027_11", "2027_12", "2028_01", "2028_02", "default"),
        partitions());
  }

  private void keepAt(String instant) {
    new TagHistoryPartitions(
            database, Duration.ofDays(365), Clock.fixed(Instant.parse(instant), ZoneOffset.UTC))
        .keep();
  }

  private void insertAt(String instant) {
    database.read(
        connection ->
            Sql.update(
                connection,
                "INSERT INTO tag_history (repository_id, tag, actor, at) VALUES (1, 't', 'x', ?)",
                OffsetDateTime.parse(instant)));
  }

  private int count(String table) {
    return database.read(
        connection ->
            Sql.find(connection, "SELECT count(*) FROM " + table, row -> row.getInt(1))
                .orElseThrow());
  }

  private List<String> partitions() {
    return database.read(
        connection ->
            Sql.list(
                connection,
                """
                SELECT substr(inhrelid::regclass::text, 13) FROM pg_inherits
                WHERE inhparent = 'tag_history'::regclass ORDER BY 1
                """,
                row -> row.getString(1)));
  }
}
