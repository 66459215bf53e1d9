package dev.entrepot.account;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time as the database keeps it, so that a row reads as it was written. */
final class Clock {
  private Clock() {}

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }
}
