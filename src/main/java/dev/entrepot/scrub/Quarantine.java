package dev.entrepot.scrub;

import dev.entrepot.blob.LocatedBlob;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageKey;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Blobs whose bytes are not what they should be: unknown to clients, who therefore push them again;
 * the push gives them other bytes under another key, for all repositories that hold them. The
 * faulty bytes stay in the store for a while.
 */
@Singleton
class Quarantine {
  private static final byte[] BEFORE_ALL = {};

  /**
   * Nothing when the bytes were replaced or deleted meanwhile. Every server forgets where it has
   * seen the blob.
   */
  static final String PUT =
      """
      WITH faulty AS (
        UPDATE blob SET state = 'quarantined' WHERE digest = ? AND storage_key = ?
          AND state IN ('live', 'condemned')
        RETURNING digest, storage_key, size),
      noted AS (
        INSERT INTO quarantine (storage_key, digest, size, reason)
        SELECT storage_key, digest, size, ? FROM faulty)
      INSERT INTO content_change (repository, digest)
      SELECT r.name, faulty.digest FROM faulty JOIN blob_holder h ON h.digest = faulty.digest
      JOIN repository r ON r.id = h.repository_id
      """;

  private static final String IS_IN =
      "SELECT 1 FROM blob WHERE digest = ? AND storage_key = ? AND state = 'quarantined'";

  /** Nobody remembers that a blob is not there, so nobody has to be told. */
  static final String RELEASE =
      """
      UPDATE blob SET state = 'live', condemned_at = NULL, storage_key = ?
      WHERE digest = ? AND storage_key = ? AND state = 'quarantined'
      """;

  /** Also bytes that were replaced are noted, by another key than the blob has. */
  static final String LIST =
      """
      SELECT q.digest, q.storage_key, q.size, q.reason, q.since, ARRAY(
        SELECT r.name FROM blob_holder h JOIN repository r ON r.id = h.repository_id
        WHERE h.digest = q.digest AND r.deleted_at IS NULL ORDER BY r.name LIMIT ?)
      FROM quarantine q
      JOIN blob b ON b.digest = q.digest AND b.storage_key = q.storage_key
      WHERE b.state = 'quarantined' AND q.digest > ? ORDER BY q.digest LIMIT ?
      """;

  private final Database database;

  /**
   * A blob in quarantine.
   *
   * @param blob with the bytes that are not what they should be
   * @param repositories that hold it, as many as were asked for
   */
  record Entry(LocatedBlob blob, String reason, OffsetDateTime since, List<String> repositories) {}

  Quarantine(Database database) {
    this.database = database;
  }

  /** What there is to be looked at. */
  List<LocatedBlob> listReadable(@Nullable Digest after, int limit) {
    return database.read(connection -> LocatedBlob.list(connection, after, limit));
  }

  /**
   * What is in quarantine, in order of the digests.
   *
   * @param after only digests after this one; null from the start
   * @param repositories how many are named of each blob, at most
   */
  List<Entry> list(@Nullable Digest after, int limit, int repositories) {
    return database.read(
        connection ->
            Sql.list(
                connection,
                LIST,
                Quarantine::entry,
                repositories,
                after == null ? BEFORE_ALL : after.toBytes(),
                limit));
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        LocatedBlob.read(row),
        row.getString(4),
        row.getObject(5, OffsetDateTime.class),
        List.of((String[]) row.getArray(6).getArray()));
  }

  /** Whether it is in quarantine now; not when it has been deleted or replaced meanwhile. */
  boolean put(LocatedBlob blob, String reason) {
    String key = blob.location().key().value();
    AuditEvent event = event(AuditKind.BLOB_QUARANTINE, blob).with(Map.of("reason", reason));
    return database.transact(
        transaction -> {
          Sql.update(transaction, PUT, blob.digest(), key, reason);
          boolean is = Sql.exists(transaction, IS_IN, blob.digest(), key);
          if (is) {
            Sql.update(transaction, AuditEvent.INSERT, event.arguments());
          }
          return is;
        });
  }

  /**
   * Makes it a blob again whose bytes are elsewhere.
   *
   * @param refilled where bytes are that were checked
   * @return false, and nothing done, when it has been pushed or deleted meanwhile
   */
  boolean release(LocatedBlob blob, StorageKey refilled) {
    AuditEvent event =
        event(AuditKind.BLOB_REFILL, blob).with(Map.of("storageKey", refilled.value()));
    return database.transact(
        transaction -> {
          boolean is =
              Sql.update(
                      transaction,
                      RELEASE,
                      refilled.value(),
                      blob.digest(),
                      blob.location().key().value())
                  > 0;
          if (is) {
            Sql.update(transaction, AuditEvent.INSERT, event.arguments());
          }
          return is;
        });
  }

  private static AuditEvent event(AuditKind kind, LocatedBlob blob) {
    String key = blob.location().key().value();
    return new AuditEvent(kind, false, Actor.SYSTEM, null, null, key, blob.digest(), 1, Map.of());
  }
}
