package dev.entrepot.task;

import dev.entrepot.database.DeletionHold;
import dev.entrepot.error.StartupException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A {@link DeletionHold} for work of any length: it is renewed until it is closed. */
public final class RenewedHold implements AutoCloseable {
  private static final Duration LIFE = Duration.ofMinutes(10);

  private final DeletionHold hold;
  private final PeriodicTasks renewals = new PeriodicTasks("deletion-hold");
  private volatile boolean lost;

  private RenewedHold(DeletionHold hold) {
    this.hold = hold;
    renewals.runEvery(LIFE.dividedBy(10), "holding deletions", this::renew);
  }

  /**
   * Takes a hold, as {@link DeletionHold#take} does.
   *
   * @param connection in auto-commit mode, used by nobody else until the hold is closed
   */
  public static RenewedHold take(Connection connection, String reason) throws SQLException {
    return new RenewedHold(DeletionHold.take(connection, reason, LIFE));
  }

  /**
   * Asked when the work is done.
   *
   * @param what is not finished then, with a verb
   * @throws StartupException when it did not hold all the time
   */
  public void requireHeld(String what) {
    if (lost) {
      throw new StartupException(
          "The database was away for so long that bytes may have been deleted meanwhile: "
              + what
              + " not finished. Run it again.");
    }
  }

  private void renew() {
    try {
      lost = lost || !hold.renew();
    } catch (SQLException e) { // tried again; what counts is whether it is in time
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws SQLException {
    renewals.close();
    hold.close();
  }
}
