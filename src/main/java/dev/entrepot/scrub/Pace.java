package dev.entrepot.scrub;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Lets so many bytes pass in a second. Used by one thread. */
final class Pace {
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final long bytesPerSecond;
  private long due = System.nanoTime();

  Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * Waits until these bytes have had their time. Time that was not used is not saved up.
   *
   * @return false when it was told to stop
   */
  boolean keep(long bytes, BooleanSupplier stopping) {
    long now = System.nanoTime();
    due = Math.max(due, now) + bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
    for (long left = due - now; left > 0; left = due - System.nanoTime()) {
      if (stopping.getAsBoolean()) {
        return false;
      }
      LockSupport.parkNanos(Math.min(left, LONGEST_NANOS));
    }
    return !stopping.getAsBoolean();
  }
}
