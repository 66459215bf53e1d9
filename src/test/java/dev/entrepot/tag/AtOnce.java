package dev.entrepot.tag;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs work in several threads that start together. */
public final class AtOnce {
  /**
   * Work of one thread.
   *
   * @param <T> its result
   */
  @FunctionalInterface
  public interface Work<T> {
    T run(int thread) throws Exception;
  }

  private AtOnce() {}

  /** The results in order of the threads' numbers; throws what the first one to fail threw. */
  public static <T> List<T> atOnce(int threads, Work<T> work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Callable<T>> calls = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      calls.add(
          () -> {
            start.await();
            return work.run(thread);
          });
    }
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }
}
