package dev.entrepot.scrub;

import dev.entrepot.blob.LocatedBlob;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.storage.Digest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Blobs whose bytes are not what they should be: unknown to clients, who therefore push them again;
 * the push gives them other bytes under another key, for all repositories that hold them.
 */
@Singleton
class Quarantine {
  /**
   * Nothing when the bytes were replaced or deleted meanwhile. Every server forgets where it has
   * seen the blob.
   */
  static final String PUT =
      """
      WITH faulty AS (
        UPDATE blob SET state = 'quarantined' WHERE digest = ? AND storage_key = ?
          AND state IN ('live', 'condemned')
        RETURNING digest)
      INSERT INTO content_change (repository, digest)
      SELECT r.name, faulty.digest FROM faulty JOIN blob_holder h ON h.digest = faulty.digest
      JOIN repository r ON r.id = h.repository_id
      """;

  private static final String IS_IN =
      "SELECT 1 FROM blob WHERE digest = ? AND storage_key = ? AND state = 'quarantined'";

  private final Database database;

  Quarantine(Database database) {
    this.database = database;
  }

  /** What there is to be looked at. */
  List<LocatedBlob> list(@Nullable Digest after, int limit) {
    return database.read(connection -> LocatedBlob.list(connection, after, limit));
  }

  /** Whether it is in quarantine now; not when it has been deleted or replaced meanwhile. */
  boolean put(LocatedBlob blob, String reason) {
    AuditEvent event =
        new AuditEvent(
            AuditKind.BLOB_QUARANTINE,
            false,
            Actor.SYSTEM,
            null,
            null,
            blob.location().key().value(),
            blob.digest(),
            1,
            Map.of("reason", reason));
    return database.transact(
        transaction -> {
          Sql.update(transaction, PUT, blob.digest(), blob.location().key().value());
          boolean is = Sql.exists(transaction, IS_IN, blob.digest(), blob.location().key().value());
          if (is) {
            Sql.update(transaction, AuditEvent.INSERT, event.arguments());
          }
          return is;
        });
  }
}
