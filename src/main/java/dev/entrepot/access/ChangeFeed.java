package dev.entrepot.access;

import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.ChangeStream;
import dev.entrepot.database.Database;
import dev.entrepot.database.Seen;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.task.PeriodicTasks;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads, several times a second, what of accounts and rights was changed by any server, and tells
 * everything that remembers any of it.
 *
 * <p>Polling it is, as for content (decision 38).
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

  private static final Duration STORED = Duration.ofDays(1);

  private static final String PRUNE =
      "DELETE FROM access_change WHERE at < now() - make_interval(secs => ?)";

  private final Database database;
  private final ChangeStream<ChangeRow> stream;
  private final Revocations revocations;
  private final boolean needed;
  private final long maxStaleNanos;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final PeriodicTasks reader = new PeriodicTasks("access-changes");
  private final AtomicReference<@Nullable CompletableFuture<Seen>> next = new AtomicReference<>();

  private volatile @Nullable Seen seen;
  private volatile long readAtNanos;

  public ChangeFeed(Database database, Revocations revocations, EntrepotConfig config) {
    this.database = database;
    this.stream =
        new ChangeStream<>(
            database,
            "access_change",
            List.of(
                "c.tx::text::bigint",
                "(extract(epoch FROM clock_timestamp() - c.at) * 1000)::bigint",
                "c.what"),
            row -> new ChangeRow(row.getLong(1), row.getLong(2), row.getString(3)),
            KEPT,
            STORED);
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
    stream.close();
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
    ChangeStream.Reading<ChangeRow> reading = stream.read();
    reading.changes().forEach(this::apply);
    if (!reading
        .complete()) { // no token lives that long, and what follows from rights is asked anew
      tell(ChangeRow.RIGHTS);
    }
    seen = reading.seen();
    readAtNanos = begin;
    return reading.seen();
  }

  private void apply(ChangeRow row) {
    if (row.revokes() && row.ageMillis() < KEPT.toMillis()) {
      revocations.add(row, System.nanoTime());
    }
    tell(row.what());
  }

  private void tell(String what) {
    listeners.forEach(listener -> listener.forget(what));
  }

  private void prune() {
    database.read(connection -> Sql.update(connection, PRUNE, (double) STORED.toSeconds()));
  }
}
