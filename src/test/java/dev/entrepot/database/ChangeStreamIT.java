package dev.entrepot.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeStreamIT {
  private static final String INSERT = "INSERT INTO access_change (what) VALUES (?)";

  private TestDatabase test;
  private ChangeStream<String> stream;

  @BeforeEach
  void open() {
    test = TestDatabase.open();
    stream = stream(Duration.ofMinutes(10));
  }

  @AfterEach
  void close() {
    stream.close();
    test.close();
  }

  private ChangeStream<String> stream(Duration kept) {
    return new ChangeStream<>(
        test.database(),
        "access_change",
        List.of("c.what"),
        row -> row.getString(1),
        Duration.ofMinutes(1),
        kept);
  }

  private void insert(String what) {
    test.database().read(connection -> Sql.update(connection, INSERT, what));
  }

  @Test
  void theFirstReadingIsOfWhatIsRecent() {
    insert("new");
    test.database()
        .read(
            connection ->
                Sql.update(
                    connection,
                    "INSERT INTO access_change (what, at) VALUES ('old', now() - interval '1h')"));
    assertEquals(List.of("new"), stream.read().changes());
  }

  @Test
  void eachRowIsReadOnceWheneverItIsCommitted() throws SQLException {
    stream.read();
    try (var late = test.dataSource().getConnection()) {
      late.setAutoCommit(false);
      Sql.update(late, INSERT, "late");
      insert("early");
      assertEquals(List.of("early"), stream.read().changes());
      late.commit();
    }
    insert("last");
    assertEquals(List.of("late", "last"), stream.read().changes());
    assertEquals(List.of(), stream.read().changes());
  }

  @Test
  void whatIsRolledBackIsNeverRead() throws SQLException {
    stream.read();
    try (var connection = test.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      Sql.update(connection, INSERT, "undone");
      connection.rollback();
    }
    assertEquals(List.of(), stream.read().changes());
  }

  /** Their transactions may have the numbers of others that were lost in the crash. */
  @Test
  void afterALostConnectionRowsAreReadByTheirTimeToo() {
    insert("before");
    stream.read();
    stream.close();
    insert("after");
    assertEquals(List.of("before", "after"), stream.read().changes());
    assertEquals(List.of(), stream.read().changes());
  }

  @Test
  void itSaysWhenRowsMayBeGone() {
    ChangeStream<String> late = stream(Duration.ofSeconds(30));
    assertTrue(late.read().complete());
    assertFalse(late.read().complete());
    late.close();
  }

  @Test
  void itWaitsForNoOtherConnection() throws SQLException {
    try (TestDatabase small = TestDatabase.open(2);
        ChangeStream<String> own =
            new ChangeStream<>(
                small.database(),
                "access_change",
                List.of("c.what"),
                row -> row.getString(1),
                Duration.ofMinutes(1),
                Duration.ofHours(1))) {
      own.read();
      try (var busy = small.dataSource().getConnection()) {
        assertEquals(List.of(), own.read().changes());
        assertFalse(busy.isClosed());
      }
    }
  }
}
