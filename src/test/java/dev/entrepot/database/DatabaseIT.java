package dev.entrepot.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.tag.AtOnce;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabaseIT {
  private static TestDatabase postgres;
  private static Database database;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.open(4);
    database = postgres.database();
    database.read(c -> Sql.update(c, "CREATE TABLE counter (id int PRIMARY KEY, value int)"));
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @BeforeEach
  void resetCounters() {
    database.read(c -> Sql.update(c, "TRUNCATE counter"));
    database.read(c -> Sql.update(c, "INSERT INTO counter VALUES (1, 0), (2, 0)"));
  }

  @Test
  void aTransactionIsKeptWhole() {
    database.transact(c -> increment(c, 1) + increment(c, 2));
    assertEquals(List.of(1, 1), counters());
  }

  @Test
  void aTransactionThatThrowsIsUndone() {
    assertThrows(
        RegistryException.class,
        () ->
            database.transact(
                c -> {
                  increment(c, 1);
                  throw new RegistryException(ErrorCode.DENIED);
                }));
    assertEquals(List.of(0, 0), counters());
  }

  @Test
  void connectionsComeBackWithAutocommit() {
    for (int i = 0; i < 20; i++) {
      database.transact(c -> increment(c, 1));
      boolean autocommit = database.read(Connection::getAutoCommit);
      assertTrue(autocommit);
    }
  }

  @Test
  void aDeadlockIsTriedAgain() throws Exception {
    CyclicBarrier bothHoldOne = new CyclicBarrier(2);
    var winner = new CompletableFuture<Integer>().orTimeout(1, TimeUnit.MINUTES);
    AtomicInteger runs = new AtomicInteger();
    AtOnce.atOnce(
        2,
        i -> {
          int done =
              database.transact(
                  c -> {
                    boolean first = runs.incrementAndGet() <= 2;
                    if (!first) {
                      winner.join(); // else the loser may be quicker, and there is another deadlock
                    }
                    increment(c, 1 + i);
                    if (first) {
                      meet(bothHoldOne);
                    }
                    return increment(c, 2 - i);
                  });
          winner.complete(done);
          return done;
        });
    assertEquals(3, runs.get());
    assertEquals(List.of(2, 2), counters());
  }

  @Test
  void aWrongStatementIsAFaultAndNotTriedAgain() {
    AtomicInteger runs = new AtomicInteger();
    assertThrows(
        IllegalStateException.class,
        () ->
            database.transact(
                c -> {
                  runs.incrementAndGet();
                  return Sql.update(c, "nonsense");
                }));
    assertEquals(1, runs.get());
  }

  @Test
  void aStatementThatTakesTooLongIsUnavailable() {
    assertUnavailable(
        () ->
            database.transact(
                c -> {
                  Sql.update(c, "SET LOCAL statement_timeout = '20ms'");
                  return Sql.exists(c, "SELECT pg_sleep(20)");
                }));
  }

  @Test
  void anExhaustedPoolIsUnavailable() {
    try (TestDatabase small = TestDatabase.open(1)) {
      small.database().read(c -> Sql.exists(c, "SELECT 1"));
      small.waitForAConnectionAtMost(Duration.ofMillis(100));
      assertUnavailable(
          () ->
              small.database().read(c -> small.database().read(c2 -> Sql.exists(c2, "SELECT 1"))));
      boolean again = small.database().read(c -> Sql.exists(c, "SELECT 1"));
      assertTrue(again);
    }
  }

  @Test
  void workOnALostConnectionIsTriedOnAnother() {
    AtomicInteger runs = new AtomicInteger();
    int value =
        database.transact(
            c -> {
              increment(c, 1);
              if (runs.incrementAndGet() == 1) {
                terminate(c);
              }
              return increment(c, 2);
            });
    assertEquals(1, value);
    assertEquals(2, runs.get());
    assertEquals(List.of(1, 1), counters());
  }

  @Test
  void aLostCommitIsNeitherSuccessNorTriedAgain() {
    AtomicInteger runs = new AtomicInteger();
    Database losing = TestDatabase.on(losingCommits(postgres.dataSource()));
    OutcomeUnknownException unknown =
        assertThrows(
            OutcomeUnknownException.class,
            () ->
                losing.transact(
                    c -> {
                      runs.incrementAndGet();
                      return increment(c, 1);
                    }));
    assertEquals(1, runs.get());
    assertEquals(ErrorCode.UNAVAILABLE, unknown.code());
    assertTrue(unknown.headers().containsKey("Retry-After"));
    assertEquals(List.of(1, 0), counters(), "this one had happened");
  }

  @Test
  void aFailingCloseDoesNotUndoSuccess() {
    Database closing =
        TestDatabase.on(
            proxied(
                postgres.dataSource(),
                "close",
                connection -> {
                  connection.close();
                  throw new SQLException("no close", "08006");
                }));
    int value = closing.transact(c -> increment(c, 1));
    assertEquals(1, value);
    assertEquals(List.of(1, 0), counters());
  }

  @Test
  void instancesDifferAndStayTheSame() {
    Instance one = new Instance(database);
    assertEquals(one.identity(), new Instance(database).identity());
    assertEquals(32, one.uploadKey().length);
    try (TestDatabase other = TestDatabase.open(1)) {
      other.database().read(c -> Sql.update(c, "DELETE FROM instance"));
      other.database().read(c -> Sql.update(c, "INSERT INTO instance DEFAULT VALUES"));
      assertNotEquals(one.identity(), new Instance(other.database()).identity());
      assertThrows(
          IllegalStateException.class,
          () ->
              other
                  .database()
                  .read(c -> Sql.update(c, "INSERT INTO instance (only_row) VALUES (false)")));
    }
  }

  private static int increment(Connection connection, int id) throws SQLException {
    return Sql.find(
            connection,
            "UPDATE counter SET value = value + 1 WHERE id = ? RETURNING value",
            row -> row.getInt(1),
            id)
        .orElseThrow();
  }

  private static List<Integer> counters() {
    return database.read(
        c -> Sql.list(c, "SELECT value FROM counter ORDER BY id", row -> row.getInt(1)));
  }

  /** Ends the server's side of a connection, as a crash or an administrator does. */
  private static void terminate(Connection victim) throws SQLException {
    int pid = Sql.find(victim, "SELECT pg_backend_pid()", row -> row.getInt(1)).orElseThrow();
    try (Connection other = postgres.dataSource().getConnection()) {
      Sql.exists(other, "SELECT pg_terminate_backend(?, 60000)", pid);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(1, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertUnavailable(org.junit.jupiter.api.function.Executable work) {
    RegistryException refused = assertThrows(RegistryException.class, work);
    assertEquals(ErrorCode.UNAVAILABLE, refused.code());
    assertTrue(refused.headers().containsKey("Retry-After"));
  }

  private interface OnConnection {
    void run(Connection connection) throws SQLException;
  }

  /** The commit reaches the server; its answer is lost. */
  private static DataSource losingCommits(DataSource dataSource) {
    return proxied(
        dataSource,
        "commit",
        connection -> {
          connection.commit();
          terminate(connection);
          connection.isValid(1);
          throw new SQLException("the answer was lost", "08006");
        });
  }

  private static DataSource proxied(DataSource dataSource, String method, OnConnection instead) {
    return (DataSource)
        Proxy.newProxyInstance(
            DatabaseIT.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, called, arguments) -> {
              Connection connection = dataSource.getConnection();
              return Proxy.newProxyInstance(
                  DatabaseIT.class.getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (self, onConnection, values) -> {
                    if (onConnection.getName().equals(method)) {
                      instead.run(connection);
                      return null;
                    }
                    try {
                      return onConnection.invoke(connection, values);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
            });
  }
}
