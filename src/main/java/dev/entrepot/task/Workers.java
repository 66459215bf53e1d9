package dev.entrepot.task;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Does a few things at once. The first one that fails stops the rest. */
public final class Workers implements AutoCloseable {
  private static final int AT_ONCE = 4;

  private final Semaphore free = new Semaphore(AT_ONCE);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  /** Starts it as soon as there is a hand free; throws what an earlier one failed with. */
  public void run(Runnable work) {
    free.acquireUninterruptibly();
    if (failure.get() != null) {
      free.release();
      throwFailure();
    }
    executor.execute(
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
          } finally {
            free.release();
          }
        });
  }

  /** Waits for all; throws what one of them failed with. */
  public void awaitAll() {
    free.acquireUninterruptibly(AT_ONCE);
    free.release(AT_ONCE);
    throwFailure();
  }

  private void throwFailure() {
    RuntimeException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
