package dev.entrepot.audit;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.AuditNotes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Writes what is noted, in batches, in one thread. While the database is away it waits, and what
 * does not fit any more is counted.
 */
@Singleton
class AuditQueue implements AuditNotes {
  private static final Logger LOG = Logger.getLogger(AuditQueue.class);
  private static final int BATCH = 500;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final Database database;
  private final BlockingQueue<AuditEvent> queue;
  private final Repeats repeats = new Repeats();
  private final Duration repeatsPeriod;
  private final AtomicLong lost = new AtomicLong();
  private final Counter lostEver;
  private final Thread writer =
      Thread.ofPlatform().daemon().name("audit-writer").unstarted(this::run);
  private volatile boolean stopping;

  @jakarta.inject.Inject
  AuditQueue(Database database, EntrepotConfig config, MeterRegistry metrics) {
    this(database, config.audit().queueSize(), Duration.ofMinutes(1), metrics);
  }

  AuditQueue(Database database, int size, Duration repeatsPeriod, MeterRegistry metrics) {
    this.database = database;
    this.queue = new ArrayBlockingQueue<>(size);
    this.repeatsPeriod = repeatsPeriod;
    this.lostEver =
        Counter.builder("entrepot.audit.lost")
            .description("Sign-ins and refusals that were not kept in the audit log")
            .register(metrics);
    Gauge.builder("entrepot.audit.queue", queue, BlockingQueue::size)
        .description("Sign-ins and refusals that wait to be written to the audit log")
        .register(metrics);
  }

  @Override
  public void note(AuditEvent event) {
    if (!repeats.absorb(event)) {
      add(event);
    }
  }

  void start(@Observes StartupEvent event) {
    writer.start();
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    try {
      if (writer.isAlive()) {
        writer.join(LONGEST_STOP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void add(AuditEvent event) {
    if (!queue.offer(event)) {
      lose(event.count());
    }
  }

  private void lose(long count) {
    lost.addAndGet(count);
    lostEver.increment(count);
  }

  private void run() {
    long taken = System.nanoTime();
    try {
      while (!stopping || !queue.isEmpty()) {
        if (stopping || System.nanoTime() - taken >= repeatsPeriod.toNanos()) {
          taken = System.nanoTime();
          repeats.take().forEach(this::add);
        }
        write(next());
      }
      write(repeats.take());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<AuditEvent> next() throws InterruptedException {
    List<AuditEvent> batch = new ArrayList<>();
    AuditEvent first = queue.poll(PAUSE.toMillis() / 4, TimeUnit.MILLISECONDS);
    if (first != null) {
      batch.add(first);
      queue.drainTo(batch, BATCH - 1);
    }
    long missing = lost.getAndSet(0);
    if (missing > 0) {
      batch.add(AuditEvent.of(AuditKind.AUDIT_LOST, Actor.SYSTEM, null).times(missing));
    }
    return batch;
  }

  private void write(List<AuditEvent> batch) throws InterruptedException {
    boolean failing = false;
    while (!batch.isEmpty()) {
      try {
        database.transact(transaction -> insert(transaction, batch));
        return;
      } catch (RegistryException e) { // the database is away
        if (stopping) {
          LOG.errorf("audit events not kept events=%d error=%s", batch.size(), e.getMessage());
          return;
        }
        if (!failing) {
          LOG.warnf("audit events wait for the database error=%s", e.getMessage());
          failing = true;
        }
        Thread.sleep(PAUSE);
      } catch (RuntimeException e) { // one of them must be wrong
        LOG.errorf(e, "audit events not kept events=%d", batch.size());
        lose(batch.size());
        return;
      }
    }
  }

  private static int insert(Connection transaction, List<AuditEvent> batch) throws SQLException {
    for (AuditEvent event : batch) {
      Sql.update(transaction, AuditEvent.INSERT, event.arguments());
    }
    return batch.size();
  }
}
