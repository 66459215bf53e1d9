package dev.entrepot.database;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Runs statements. What the caller can do nothing about (no connection, a full pool, a server that
 * is shutting down, a statement that took too long) comes out as {@link RegistryException} of
 * UNAVAILABLE with {@code Retry-After}; other faults as {@link IllegalStateException}.
 *
 * <p>Work must not ask for a second connection: a pool of requests that each hold one and wait for
 * another stands still.
 */
@Singleton
public class Database {
  private static final Logger LOG = Logger.getLogger(Database.class);
  private static final int PAUSE_MILLIS = 5;
  private static final int MAX_PAUSE_MILLIS = 500;

  private static final String BY_KEYS =
      """
      SELECT set_config('enable_seqscan', 'off', true),
        set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
      """;

  private final DataSource dataSource;
  private final ContentEvents events;
  private final int maxAttempts;
  private final Map<String, String> retryLater;
  private final Semaphore waiting;

  public Database(DataSource dataSource, ContentEvents events, EntrepotConfig config) {
    this.dataSource = dataSource;
    this.events = events;
    this.waiting = new Semaphore(config.database().maxWaiting());
    this.maxAttempts = config.database().maxAttempts();
    this.retryLater =
        Map.of("Retry-After", Long.toString(config.database().retryAfter().toSeconds()));
  }

  /**
   * Runs statements that each stand for themselves. Repeated when the connection is lost, so they
   * must come to the same when they are run twice.
   */
  public <T> T read(SqlWork<T> work) {
    return repeat(work, Database::run);
  }

  /**
   * Runs statements in one READ COMMITTED transaction, again when the database rolled it back to
   * break a deadlock or conflict. When this returns it is committed; when it throws, it is rolled
   * back, except for {@link OutcomeUnknownException}.
   */
  public <T> T transact(SqlWork<T> work) {
    return repeat(work, Database::runInTransaction);
  }

  /**
   * As {@link #transact}, for statements on many keys at once, whose cost shall grow with these and
   * not with the tables. The planner does not know that a join looks into one partition for each
   * key, and for a thousand of them it would rather read the tables whole.
   */
  public <T> T transactByKeys(SqlWork<T> work) {
    return transact(
        transaction -> {
          Sql.exists(transaction, BY_KEYS);
          return work.run(transaction);
        });
  }

  /** Whether the same may well work later: for statements that do not run through here. */
  public static boolean mayWorkLater(SQLException error) {
    return Trouble.of(error) != Trouble.FAULT;
  }

  private interface Mode {
    <T> T run(Database database, Connection connection, SqlWork<T> work) throws SQLException;
  }

  private <T> T repeat(SqlWork<T> work, Mode mode) {
    for (int attempt = 1; ; attempt++) {
      Connection connection = connect();
      try {
        return mode.run(this, connection, work);
      } catch (SQLException e) {
        Trouble trouble = Trouble.of(e);
        boolean mayHelp = trouble == Trouble.CONFLICT || trouble == Trouble.CONNECTION_LOST;
        if (!mayHelp || attempt >= maxAttempts) {
          throw translate(trouble, e);
        }
        LOG.debugf("statements repeated attempt=%d sqlState=%s", attempt, e.getSQLState());
      } finally {
        close(connection);
      }
      pause(attempt);
    }
  }

  private <T> T run(Connection connection, SqlWork<T> work) throws SQLException {
    return work.run(connection);
  }

  private <T> T runInTransaction(Connection connection, SqlWork<T> work) throws SQLException {
    connection.setAutoCommit(false);
    T result;
    try {
      result = work.run(connection);
    } catch (SQLException | RuntimeException | Error e) {
      rollback(connection);
      throw e;
    }
    commit(connection);
    return result;
  }

  private void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      if (Trouble.of(e) == Trouble.CONNECTION_LOST) {
        LOG.warnf("commit lost sqlState=%s error=%s", e.getSQLState(), e.getMessage());
        events.publish(new ContentEvent.OutcomeUnknown());
        throw new OutcomeUnknownException(retryLater);
      }
      throw e;
    }
  }

  private static void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The server rolls back when the connection ends, which is what this error tells.
      LOG.debugf("rollback failed sqlState=%s", e.getSQLState());
    }
  }

  /** Those that wait hold memory, so not all may. */
  private Connection connect() {
    if (!waiting.tryAcquire()) {
      throw unavailable();
    }
    try {
      return dataSource.getConnection();
    } catch (SQLException e) {
      throw translate(Trouble.CONNECTION_LOST, e);
    } finally {
      waiting.release();
    }
  }

  /** A connection outside of all this, for who keeps it; to be given to {@link #abandon}. */
  Connection open(Duration timeout) {
    Connection opened = connect();
    try {
      opened.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
      return opened;
    } catch (SQLException e) {
      abandon(opened);
      throw unavailable(e);
    }
  }

  /** Ends a connection, which no other work gets then. */
  static void abandon(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debugf("abort failed sqlState=%s", e.getSQLState());
    }
    close(connection);
  }

  RuntimeException unavailable(SQLException e) {
    return translate(Trouble.of(e), e);
  }

  /** Never fails: when the work is committed, nothing that comes later may make it a failure. */
  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debugf("close failed sqlState=%s", e.getSQLState());
    }
  }

  private RuntimeException translate(Trouble trouble, SQLException e) {
    if (trouble == Trouble.FAULT) {
      return new IllegalStateException("statement failed with SQLSTATE " + e.getSQLState(), e);
    }
    LOG.warnf(
        "database unavailable trouble=%s sqlState=%s error=%s",
        trouble, e.getSQLState(), e.getMessage());
    return unavailable();
  }

  private RegistryException unavailable() {
    return new RegistryException(
        ErrorCode.UNAVAILABLE, ErrorCode.UNAVAILABLE.message(), null, retryLater);
  }

  private void pause(int attempt) {
    long longest = Math.min(MAX_PAUSE_MILLIS, PAUSE_MILLIS * (1L << Math.min(attempt, 10)));
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(1, longest + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable();
    }
  }
}
