package dev.entrepot.audit;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.task.PeriodicTasks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Seals the log every second, and writes the newest seal's hash to the server's log every hour: who
 * controls the database can make another chain, but not the lines that left this machine.
 */
@Singleton
class Sealer {
  private static final Logger LOG = Logger.getLogger(Sealer.class);
  private static final Duration TOLD = Duration.ofHours(1);

  private final Database database;
  private final Sealing sealing;
  private final Duration interval;
  private final Counter sealed;
  private final PeriodicTasks timer = new PeriodicTasks("audit-sealer");
  private volatile long doneNanos = System.nanoTime();
  private long toldNanos = System.nanoTime() - TOLD.toNanos();

  Sealer(Database database, EntrepotConfig config, MeterRegistry metrics) {
    this.database = database;
    this.sealing = new Sealing(InstantSource.system());
    this.interval = config.audit().sealInterval();
    this.sealed =
        Counter.builder("entrepot.audit.sealed")
            .description("Events of the audit log that this server has sealed")
            .register(metrics);
    TimeGauge.builder(
            "entrepot.audit.seal.age", () -> System.nanoTime() - doneNanos, TimeUnit.NANOSECONDS)
        .description("Time since the audit log was last found or made sealed")
        .register(metrics);
  }

  void start(@Observes StartupEvent event) {
    timer.runEvery(interval, "sealing the audit log", this::seal);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.close();
  }

  private void seal() {
    Optional<Sealing.Run> run;
    do {
      run = database.transact(sealing::run);
      run.ifPresent(this::done);
    } while (run.isPresent() && run.get().isFull());
  }

  private void done(Sealing.Run run) {
    sealed.increment(run.events());
    doneNanos = System.nanoTime();
    SealRows.Row last = run.last();
    if (last != null && System.nanoTime() - toldNanos >= TOLD.toNanos()) {
      toldNanos = System.nanoTime();
      LOG.infof(
          "audit log sealed head=%s events=%d kid=%s",
          last.head(), last.seal().total(), last.seal().kid());
    }
  }
}
