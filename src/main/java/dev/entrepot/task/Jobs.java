package dev.entrepot.task;

import dev.entrepot.database.Database;
import dev.entrepot.database.Replica;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Work that one server of all does at a time, again and again; goes on elsewhere when its server
 * dies. What fails is tried again after its pause; the log has the first of several failures.
 */
@Singleton
public class Jobs {
  /**
   * A job. A server that was away for longer than its lease may for a moment work beside the one
   * that took over: what the work does outside of {@link JobRun#save} must bear that.
   */
  @FunctionalInterface
  public interface JobWork {
    /** Does all there is to do, or a part; asks now and then whether it has to stop. */
    void run(JobRun run);
  }

  /** One turn at a job. */
  public interface JobRun {
    /** Larger than that of every turn before it at the same job, as long as the database lasts. */
    long fence();

    /** What was kept last, by this turn or one before, on whichever server. */
    Optional<String> progress();

    /**
     * Keeps how far the work has come; null is the beginning.
     *
     * @throws JobLostException when another server has the job: nothing is kept then
     */
    void save(@Nullable String progress);

    /** Whether the work should return soon. What it has not done is done by another server. */
    boolean isStopping();
  }

  private static final Logger LOG = Logger.getLogger(Jobs.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private record Job(String name, Duration pause, JobWork work, Guarded guarded) {}

  private final JobRows rows;
  private final MeterRegistry metrics;
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();
  private final Map<String, Turn> turns = new ConcurrentHashMap<>();
  private final Set<String> created = new HashSet<>();
  private final PeriodicTasks timer = new PeriodicTasks("jobs");
  private final PeriodicTasks renewals = new PeriodicTasks("job-leases");
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("job-", 0).factory());
  private volatile boolean stopping;

  @Inject
  public Jobs(Database database, Replica replica, MeterRegistry metrics) {
    this(database, replica, metrics, LEASE);
  }

  Jobs(Database database, Replica replica, MeterRegistry metrics, Duration lease) {
    this.rows = new JobRows(database, replica, lease);
    this.metrics = metrics;
    timer.runEvery(POLL, "looking for jobs", this::claim);
    renewals.runEvery(lease.dividedBy(3), "renewing the leases of jobs", this::renew);
  }

  /**
   * Has the work done from now on, whenever {@code pause} has gone by since it ended on whichever
   * server, and at once when it never ran or its server died.
   *
   * @param name the same on all servers, and for all time
   */
  public void every(String name, Duration pause, JobWork work) {
    Job job = new Job(name, pause, work, new Guarded("the job " + name, pause));
    if (jobs.putIfAbsent(name, job) != null) {
      throw new IllegalStateException("two jobs have the name " + name);
    }
    if (pause.compareTo(POLL) < 0) {
      timer.runEvery(pause, "looking for the job " + name, this::claim);
    }
  }

  /** Starts what is due and nobody works on. */
  private void claim() {
    Map<String, Duration> idle = new HashMap<>();
    jobs.forEach((name, job) -> idle.put(name, job.pause()));
    if (!created.containsAll(idle.keySet())) {
      rows.create(idle.keySet());
      created.addAll(idle.keySet());
    }
    idle.keySet().removeAll(turns.keySet());
    if (idle.isEmpty() || stopping) {
      return;
    }
    for (JobRows.Lease lease : rows.claim(idle)) {
      Turn turn = new Turn(lease);
      turns.put(lease.name(), turn);
      Job job = Objects.requireNonNull(jobs.get(lease.name()));
      workers.execute(() -> job.guarded().run(() -> run(job, turn)));
    }
  }

  private void run(Job job, Turn turn) {
    Timer.Sample sample = Timer.start(metrics);
    String outcome = "failed";
    String error = null;
    try {
      job.work().run(turn);
      outcome = "done";
    } catch (JobLostException e) {
      outcome = "lost";
      LOG.warnf("a job went on without its lease, and was stopped job=%s", job.name());
    } catch (RuntimeException e) {
      error = e.toString();
      throw e;
    } finally {
      sample.stop(
          Timer.builder("entrepot.job")
              .description("Turns at the work that one server of all does at a time")
              .tag("job", job.name())
              .tag("outcome", outcome)
              .register(metrics));
      turns.remove(job.name());
      rows.end(turn.lease, stopping, error);
    }
  }

  private void renew() {
    turns.values().forEach(Turn::renew);
  }

  /**
   * Starts nothing more, asks what is under way to stop, and waits for it ten seconds at most: it
   * shall find its database as long as it runs.
   */
  void stop(@Observes ShutdownEvent event) {
    close();
  }

  void close() {
    stopping = true;
    timer.close();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      workers.shutdownNow();
    }
    renewals.close();
  }

  private final class Turn implements JobRun {
    private final JobRows.Lease lease;
    private volatile @Nullable String progress;
    private volatile boolean lost;

    Turn(JobRows.Lease lease) {
      this.lease = lease;
      this.progress = lease.progress();
    }

    @Override
    public long fence() {
      return lease.fence();
    }

    @Override
    public Optional<String> progress() {
      return Optional.ofNullable(progress);
    }

    @Override
    public void save(@Nullable String now) {
      if (!rows.save(lease, now)) {
        lost = true;
        throw new JobLostException(lease.name());
      }
      progress = now;
    }

    @Override
    public boolean isStopping() {
      return stopping || lost;
    }

    private void renew() {
      lost = lost || !rows.renew(lease);
    }
  }
}
