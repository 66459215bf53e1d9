package dev.entrepot.access;

import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.task.PeriodicTasks;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads, several times a second, what of accounts and rights was changed by any server, and tells
 * everything that remembers any of it.
 *
 * <p>Each time it reads all rows of transactions that had not ended the last time: so none is
 * missed, however late it is committed. Those that it has read already it knows by their ids.
 */
@Singleton
public class ChangeFeed {
  /** Keeps something in memory that follows from accounts and rights. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Forgets. Must be quick, and must not fail.
     *
     * @param what has changed, as {@code access_change} names it
     */
    void forget(String what);
  }

  private static final Logger LOG = Logger.getLogger(ChangeFeed.class);
  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final Duration PRUNE_PERIOD = Duration.ofHours(1);
  private static final Duration WAIT = Duration.ofSeconds(5);

  /** Longer than any token lives, with what clocks may be off. */
  private static final Duration KEPT = Duration.ofMinutes(15);

  private static final String READ =
      """
      SELECT now.snapshot::text, c.id, c.tx::text::bigint,
        (extract(epoch FROM clock_timestamp() - c.at) * 1000)::bigint, c.what
      FROM (SELECT pg_current_snapshot() AS snapshot) now
      LEFT JOIN access_change c ON c.tx >= ?::text::xid8
      ORDER BY c.id
      """;

  private static final String READ_FIRST =
      """
      SELECT now.snapshot::text, c.id, c.tx::text::bigint,
        (extract(epoch FROM clock_timestamp() - c.at) * 1000)::bigint, c.what
      FROM (SELECT pg_current_snapshot() AS snapshot) now
      LEFT JOIN access_change c ON c.at > now() - make_interval(secs => ?)
      ORDER BY c.id
      """;

  private static final String PRUNE =
      "DELETE FROM access_change WHERE at < now() - make_interval(secs => ?)";

  private record Reading(Seen seen, @Nullable ChangeRow row) {}

  private final Database database;
  private final Revocations revocations;
  private final boolean needed;
  private final long maxStaleNanos;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final PeriodicTasks reader = new PeriodicTasks("access-changes");
  private final AtomicReference<@Nullable CompletableFuture<Seen>> next = new AtomicReference<>();

  private volatile @Nullable Seen seen;
  private volatile long readAtNanos;
  private Set<Long> known = Set.of();

  public ChangeFeed(Database database, Revocations revocations, EntrepotConfig config) {
    this.database = database;
    this.revocations = revocations;
    this.needed = config.auth().mode() != AuthConfig.Mode.OFF;
    this.maxStaleNanos = config.cache().maxStale().toNanos();
  }

  /** From now on the listener is told of every change, in the thread that reads them. */
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Whether what is in memory may be believed: the last reading is not too long ago. */
  public boolean isCurrent() {
    return seen != null && System.nanoTime() - readAtNanos <= maxStaleNanos;
  }

  /**
   * Reads now, and returns when everything that is committed by now has been forgotten.
   *
   * @return what was seen; whatever is decided from now on rests on that or something newer
   * @throws RegistryException UNAVAILABLE when the database does not answer
   */
  public Seen catchUp() {
    CompletableFuture<Seen> mine = new CompletableFuture<>();
    CompletableFuture<Seen> waiting = next.compareAndExchange(null, mine);
    if (waiting == null) {
      reader.runNow(this::readForThoseWhoWait);
    }
    try {
      return (waiting == null ? mine : waiting).get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RegistryException unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException("changes of access cannot be read", e.getCause());
    } catch (TimeoutException e) {
      throw new RegistryException(ErrorCode.UNAVAILABLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryException(ErrorCode.UNAVAILABLE);
    }
  }

  void start(@Observes StartupEvent event) {
    if (needed) {
      reader.runNowAndEvery(PERIOD, "reading changes of access", this::readNext);
      reader.runEvery(PRUNE_PERIOD, "dropping old changes of access", this::prune);
    }
  }

  /** What this server has changed itself is in effect here before anybody is told so. */
  void changed(@Observes AccessChange change) {
    if (!needed) {
      return;
    }
    try {
      catchUp();
    } catch (RuntimeException e) {
      LOG.debugf("a change of access is read with the next ones error=%s", e.getMessage());
    }
  }

  void stop(@Observes ShutdownEvent event) {
    reader.close();
  }

  private void readForThoseWhoWait() {
    CompletableFuture<Seen> waiting = next.getAndSet(null);
    if (waiting == null) {
      return;
    }
    try {
      waiting.complete(read());
    } catch (RuntimeException e) {
      waiting.completeExceptionally(e);
    }
  }

  private void readNext() {
    try {
      read();
    } finally {
      revocations.forget(System.nanoTime() - KEPT.toNanos());
    }
  }

  private Seen read() {
    long begin = System.nanoTime();
    Seen last = seen;
    List<Reading> readings = database.read(connection -> read(connection, last));
    for (Reading reading : readings) {
      ChangeRow row = reading.row();
      if (row != null && !known.contains(row.id())) {
        apply(row);
      }
    }
    known =
        readings.stream()
            .map(Reading::row)
            .filter(row -> row != null)
            .map(ChangeRow::id)
            .collect(Collectors.toSet());
    Seen now = readings.getFirst().seen();
    seen = now;
    readAtNanos = begin;
    return now;
  }

  private void apply(ChangeRow row) {
    if (row.revokes() && row.ageMillis() < KEPT.toMillis()) {
      revocations.add(row, System.nanoTime());
    }
    listeners.forEach(listener -> listener.forget(row.what()));
  }

  private static List<Reading> read(Connection connection, @Nullable Seen last)
      throws SQLException {
    return Sql.list(
        connection,
        last == null ? READ_FIRST : READ,
        row -> {
          Seen now = Seen.parse(row.getString(1));
          String what = row.getString(5);
          return new Reading(
              now,
              what == null
                  ? null
                  : new ChangeRow(row.getLong(2), row.getLong(3), row.getLong(4), what));
        },
        last == null ? (double) KEPT.toSeconds() : Long.toString(last.before()));
  }

  private void prune() {
    database.read(
        connection -> Sql.update(connection, PRUNE, (double) Duration.ofDays(1).toSeconds()));
  }
}
