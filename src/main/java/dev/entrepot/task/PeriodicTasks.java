package dev.entrepot.task;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What one part of the server does again and again beside the requests, one thing at a time on one
 * thread. What fails is tried again at its next time; the log has the first of several failures.
 */
public final class PeriodicTasks implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final ScheduledExecutorService executor;

  /**
   * @param name of the thread
   */
  public PeriodicTasks(String name) {
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
  }

  /** Runs {@code task} at once and then whenever {@code pause} has gone by since it ended. */
  public void runNowAndEvery(Duration pause, String what, Runnable task) {
    schedule(Duration.ZERO, pause, what, task);
  }

  /** Runs {@code task} whenever {@code pause} has gone by, since now or since it ended. */
  public void runEvery(Duration pause, String what, Runnable task) {
    schedule(pause, pause, what, task);
  }

  /** Runs {@code task} once, as soon as what is under way has ended. */
  public void runNow(Runnable task) {
    executor.execute(task);
  }

  private void schedule(Duration delay, Duration pause, String what, Runnable task) {
    Guarded guarded = new Guarded(what, pause);
    executor.scheduleWithFixedDelay(
        () -> guarded.run(task), delay.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Starts nothing more and waits for what is under way, ten seconds at most: it shall find its
   * database as long as it runs, and be interrupted in the middle of nothing.
   */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (executor.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
  }
}
