package dev.entrepot.transfer;

import dev.entrepot.database.Sql;
import dev.entrepot.error.StartupException;
import dev.entrepot.journal.Journal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * A database that is being rebuilt. Until it is done nothing of the store is deleted, neither bytes
 * that are not linked yet nor what the journal says of repositories that are still to come: whoever
 * starts a server in the middle of it loses nothing.
 */
public final class EmptyDatabase {
  private static final String REASON = "rebuild";

  private static final String IS_BEGUN = "SELECT 1 FROM deletion_hold WHERE reason = ? LIMIT 1";

  private static final String IS_USED =
      "SELECT 1 WHERE EXISTS (SELECT FROM repository) OR EXISTS (SELECT FROM blob)";

  private static final String HOLD =
      "INSERT INTO deletion_hold (id, until, reason) VALUES (gen_random_uuid(), 'infinity', ?)";

  private static final String STOP_JOURNAL =
      """
      INSERT INTO job (name, holder, lease_until) VALUES (?, gen_random_uuid(), 'infinity')
      ON CONFLICT (name) DO UPDATE SET
        holder = excluded.holder, lease_until = excluded.lease_until, fence = job.fence + 1
      """;

  private static final String START_JOURNAL =
      "UPDATE job SET holder = NULL, lease_until = NULL, progress = NULL WHERE name = ?";

  private EmptyDatabase() {}

  /**
   * Makes it the database that the store belongs to. One whose rebuilding has begun before is gone
   * on with.
   *
   * @throws StartupException when there is content in it
   */
  public static void take(Connection connection, UUID owner) throws SQLException {
    if (Sql.exists(connection, IS_BEGUN, REASON)) {
      return;
    }
    if (Sql.exists(connection, IS_USED)) {
      throw new StartupException(
          "The database is not empty: only an empty one is rebuilt from the store.");
    }
    connection.setAutoCommit(false);
    try {
      Sql.update(connection, HOLD, REASON);
      Sql.update(connection, STOP_JOURNAL, Journal.JOB);
      Sql.update(connection, "UPDATE instance SET identity = ?", owner);
      connection.commit();
    } finally {
      connection.rollback(); // does nothing after the commit
      connection.setAutoCommit(true);
    }
  }

  /** It is one like any other from now on. */
  static void release(Connection transaction) throws SQLException {
    Sql.update(transaction, "DELETE FROM deletion_hold WHERE reason = ?", REASON);
    Sql.update(transaction, START_JOURNAL, Journal.JOB);
  }
}
