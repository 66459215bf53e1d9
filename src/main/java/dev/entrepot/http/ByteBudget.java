package dev.entrepot.http;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The memory that all request bodies together may take while they wait for the store. Who is over
 * it stops reading from the network until others have drained.
 */
final class ByteBudget {
  private final long limit;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private long used;

  ByteBudget(long limit) {
    this.limit = limit;
  }

  /** Counts bytes that have arrived already; false when the budget is now spent. */
  synchronized boolean take(long bytes) {
    used += bytes;
    return used < limit;
  }

  /** Gives bytes back, and wakes those who wait once a quarter of the budget is free. */
  void release(long bytes) {
    Runnable[] woken;
    synchronized (this) {
      used -= bytes;
      if (waiting.isEmpty() || used > limit - limit / 4) {
        return;
      }
      woken = waiting.toArray(Runnable[]::new);
      waiting.clear();
    }
    for (Runnable wake : woken) {
      wake.run();
    }
  }

  /** Runs {@code wake} once when there is room; at once if there is now. */
  void whenFree(Runnable wake) {
    synchronized (this) {
      if (used >= limit) {
        waiting.add(wake);
        return;
      }
    }
    wake.run();
  }

  synchronized long used() {
    return used;
  }
}
