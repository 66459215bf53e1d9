package dev.entrepot.access;

import dev.entrepot.database.Sql;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Writes what must be forgotten into the transaction that changes it, so that the two are committed
 * together; other servers read it from there. In this one it is an event after the commit.
 */
@Singleton
public class AccessChanges {
  private static final String INSERT = "INSERT INTO access_change (what) VALUES (?)";

  private final EntityManager entities;
  private final TransactionSynchronizationRegistry transaction;
  private final Event<AccessChange> event;

  public AccessChanges(
      EntityManager entities,
      TransactionSynchronizationRegistry transaction,
      Event<AccessChange> event) {
    this.entities = entities;
    this.transaction = transaction;
    this.event = event;
  }

  /**
   * Within the framework's transaction, which must be under way. Of the changes of a transaction
   * only the first is told of when it commits: whoever is told reads all there are.
   */
  public void record(AccessChange change) {
    entities.createNativeQuery(INSERT).setParameter(1, change.what()).executeUpdate();
    if (transaction.getResource(AccessChanges.class) != null) {
      return;
    }
    transaction.putResource(AccessChanges.class, change);
    transaction.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            // An unknown outcome may be a commit, and forgetting too much does no harm.
            if (status != Status.STATUS_ROLLEDBACK) {
              tell(change);
            }
          }
        });
  }

  /** Within a transaction of {@code database.Database}; call {@link #tell} when it is committed. */
  public void record(Connection connection, AccessChange change) throws SQLException {
    Sql.update(connection, INSERT, change.what());
  }

  /** Tells this server of a change that is committed. */
  public void tell(AccessChange change) {
    event.fire(change);
  }
}
