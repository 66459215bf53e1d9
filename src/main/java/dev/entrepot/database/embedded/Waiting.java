package dev.entrepot.database.embedded;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for what only can be looked at: another process, or a file that it writes. */
final class Waiting {
  private static final Duration POLL = Duration.ofMillis(5);

  private Waiting() {}

  /** True as soon as the condition holds, false when it does not within {@code timeout}. */
  static boolean until(BooleanSupplier condition, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EmbeddedPostgresException("Interrupted while waiting for PostgreSQL", e);
      }
    }
    return true;
  }
}
