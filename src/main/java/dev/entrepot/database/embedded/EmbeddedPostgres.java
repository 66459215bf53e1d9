package dev.entrepot.database.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A PostgreSQL that runs as long as this object: started here, started again when it dies, stopped
 * by {@link #close}. Address and password stay the same as long as the object lives. Every commit
 * it acknowledges is on disk; that is checked at each start.
 *
 * <p>When this process is killed, PostgreSQL goes on alone; the next {@link #start} on the
 * directory stops it cleanly first, so that nothing of the dead server commits after the new one
 * has begun to look.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration CALM = Duration.ofMinutes(1);

  private final PostgresServer server;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread supervisor;

  private EmbeddedPostgres(PostgresServer server) {
    this.server = server;
    this.supervisor =
        Thread.ofPlatform().daemon().name("postgres-supervisor").unstarted(this::supervise);
  }

  /** Starts with everything below {@code directory} and default settings. */
  public static EmbeddedPostgres start(Path directory) {
    return start(EmbeddedPostgresOptions.in(directory));
  }

  /**
   * Makes the cluster when there is none, stops an orphan, starts and waits until connections are
   * accepted.
   *
   * @throws EmbeddedPostgresException when that fails; no process is left behind
   */
  public static EmbeddedPostgres start(EmbeddedPostgresOptions options) {
    try {
      var postgres = new EmbeddedPostgres(PostgresServer.prepare(options));
      postgres.server.start(postgres.closing);
      postgres.supervisor.start();
      return postgres;
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "The embedded PostgreSQL in " + options.directory() + " could not be prepared: " + e, e);
    }
  }

  /** The JDBC address, on the loopback interface. */
  public String jdbcUrl() {
    return server.jdbcUrl(PostgresCluster.DATABASE);
  }

  /** The owner of the database and superuser of this PostgreSQL. */
  public String username() {
    return PostgresCluster.USERNAME;
  }

  /** The random password, which also stands in a file that only the owner may read. */
  public String password() {
    return server.password();
  }

  /** The process id of PostgreSQL, empty between its death and its next start. */
  public Optional<Long> pid() {
    return server.process().filter(Process::isAlive).map(Process::pid);
  }

  /**
   * Ends the sessions, writes the final checkpoint and waits for the end. Twice is the same as
   * once.
   */
  @Override
  public void close() {
    closing.countDown();
    server.stop();
    try {
      supervisor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop(); // what the supervisor may have started in between
  }

  private void supervise() {
    try {
      while (true) {
        long since = System.nanoTime();
        int status = server.process().orElseThrow().waitFor();
        if (closing.getCount() == 0) {
          return;
        }
        Log.LOGGER.errorf("PostgreSQL ended and is started again. status=%d", status);
        boolean calm = System.nanoTime() - since > CALM.toNanos();
        restart(calm ? Duration.ZERO : FIRST_PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void restart(Duration firstPause) throws InterruptedException {
    Duration pause = firstPause;
    while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      try {
        server.start(closing);
        return;
      } catch (EmbeddedPostgresException | IOException e) {
        pause = longer(pause);
        Log.LOGGER.errorf(
            "PostgreSQL could not be started again. retryInMillis=%d reason=%s",
            pause.toMillis(), e.getMessage());
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }

  /** Looked up late: logging is configured by the framework, which starts after PostgreSQL. */
  private static final class Log {
    static final Logger LOGGER = Logger.getLogger(EmbeddedPostgres.class);
  }
}
