package dev.entrepot.quota;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.task.Jobs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Adds up what came and went since the last time, and drops reservations that have expired. */
@Singleton
class UsageFolder {
  private static final int BATCH = 5000;

  private final Database database;
  private final Duration interval;
  private final Counter folded;

  UsageFolder(Database database, EntrepotConfig config, MeterRegistry metrics) {
    this.database = database;
    this.interval = config.quota().foldInterval();
    this.folded =
        Counter.builder("entrepot.usage.folded")
            .description("Additions and removals of blobs that were added up to their repositories")
            .register(metrics);
  }

  void start(@Observes StartupEvent event, Jobs jobs) {
    jobs.every("usage-folder", interval, run -> fold());
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
