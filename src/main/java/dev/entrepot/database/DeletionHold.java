package dev.entrepot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/**
 * Keeps the bytes of blobs from being deleted for a while, without keeping anybody from pushing or
 * deleting: whoever backs up has read the rows that name the bytes, and is still to read the bytes.
 * It ends when it is closed, or by itself when nobody renews it.
 *
 * <p>Whoever deletes bytes asks {@link #mayDelete} in the transaction whose commit decides it.
 */
public final class DeletionHold implements AutoCloseable {
  private static final long LOCK = 0x686f6c645f64656cL; // any number that nobody else locks

  private static final String INSERT =
      """
      INSERT INTO deletion_hold (id, until, reason)
      VALUES (?::text::uuid, now() + ? * interval '1 millisecond', ?)
      """;

  private static final String RENEW =
      """
      UPDATE deletion_hold SET until = now() + ? * interval '1 millisecond'
      WHERE id = ?::text::uuid AND until > now()
      """;

  private final Connection connection;
  private final UUID id;
  private final Duration life;

  private DeletionHold(Connection connection, UUID id, Duration life) {
    this.connection = connection;
    this.id = id;
    this.life = life;
  }

  /**
   * Waits for those who are just deciding to delete. When this returns, their decisions show in any
   * snapshot taken from now on, and no further ones are made.
   *
   * @param connection in auto-commit mode, used by nobody else until the hold is closed
   * @param reason for whoever wonders why nothing is deleted
   * @param life how long it holds unless it is renewed
   */
  public static DeletionHold take(Connection connection, String reason, Duration life)
      throws SQLException {
    UUID id = UUID.randomUUID();
    connection.setAutoCommit(false);
    try {
      Sql.exists(connection, "SELECT pg_advisory_xact_lock(?)", LOCK);
      Sql.update(connection, "DELETE FROM deletion_hold WHERE until <= now()");
      Sql.update(connection, INSERT, id.toString(), life.toMillis(), reason);
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
    return new DeletionHold(connection, id, life);
  }

  /**
   * Whether bytes may be deleted: no hold is in force, and none comes into force before this
   * transaction ends. Never waits for a hold to end.
   *
   * @param transaction READ COMMITTED: the answer has to see what was committed before the lock
   */
  public static boolean mayDelete(Connection transaction) throws SQLException {
    Sql.exists(transaction, "SELECT pg_advisory_xact_lock_shared(?)", LOCK);
    return !Sql.exists(transaction, "SELECT 1 FROM deletion_hold WHERE until > now() LIMIT 1");
  }

  /**
   * Makes it hold for its whole life again.
   *
   * @return false when it had ended: bytes may have been deleted since
   */
  public boolean renew() throws SQLException {
    return Sql.update(connection, RENEW, life.toMillis(), id.toString()) == 1;
  }

  @Override
  public void close() throws SQLException {
    Sql.update(connection, "DELETE FROM deletion_hold WHERE id = ?::text::uuid", id.toString());
  }
}
