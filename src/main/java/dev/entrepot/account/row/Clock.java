package dev.entrepot.account.row;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time as the database keeps it, so that a row reads as it was written. */
public final class Clock {
  private Clock() {}

  public static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }
}
