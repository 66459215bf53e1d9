package dev.entrepot.quota;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Adds up what came and went since the last time, and drops reservations that have expired. */
@Singleton
class UsageFolder {
  private static final Logger LOG = Logger.getLogger(UsageFolder.class);
  private static final int BATCH = 5000;

  private final Database database;
  private final Duration interval;
  private final Counter folded;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("usage-folder").factory());

  UsageFolder(Database database, EntrepotConfig config, MeterRegistry metrics) {
    this.database = database;
    this.interval = config.quota().foldInterval();
    this.folded =
        Counter.builder("entrepot.usage.folded")
            .description("Additions and removals of blobs that were added up to their repositories")
            .register(metrics);
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(
        this::tryFold, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void tryFold() {
    try {
      fold();
    } catch (RuntimeException e) {
      LOG.warn("usage not folded", e); // the next one tries again
    }
  }

  /** Adds up all there is, in transactions of a bounded size. */
  void fold() {
    int rows;
    do {
      rows = database.transact(transaction -> UsageRows.fold(transaction, BATCH));
      folded.increment(rows);
    } while (rows == BATCH);
    database.read(UsageRows::dropExpired);
  }
}
