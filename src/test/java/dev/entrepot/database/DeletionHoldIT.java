package dev.entrepot.database;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeletionHoldIT {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static TestDatabase postgres;
  private Connection connection;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.open();
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = postgres.dataSource().getConnection();
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  @Test
  void nothingIsDeletedWhileItHolds() throws SQLException {
    assertTrue(mayDelete());
    try (DeletionHold hold = DeletionHold.take(connection, "test", LONG)) {
      assertFalse(mayDelete());
      assertTrue(hold.renew());
    }
    assertTrue(mayDelete());
  }

  @Test
  void itEndsByItselfAndSaysSoWhenItIsRenewed() throws SQLException {
    try (DeletionHold hold = DeletionHold.take(connection, "test", Duration.ofMillis(50))) {
      await().until(DeletionHoldIT::mayDelete);
      assertFalse(hold.renew());
    }
  }

  @Test
  void itWaitsForWhoIsJustDecidingToDelete() throws Exception {
    try (Connection deleting = postgres.dataSource().getConnection()) {
      deleting.setAutoCommit(false);
      assertTrue(DeletionHold.mayDelete(deleting));
      CompletableFuture<DeletionHold> taken = CompletableFuture.supplyAsync(this::take);
      await().until(() -> waiting() == 1);
      assertFalse(taken.isDone());
      deleting.commit();
      taken.get().close();
    }
    assertEquals(0, waiting());
  }

  private DeletionHold take() {
    try {
      return DeletionHold.take(connection, "test", LONG);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean mayDelete() {
    return postgres.database().transact(DeletionHold::mayDelete);
  }

  private static int waiting() {
    return postgres
        .database()
        .read(
            c ->
                Sql.find(
                    c,
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
                    row -> row.getInt(1)))
        .orElseThrow();
  }
}
