package dev.entrepot.upload;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Replica;
import dev.entrepot.database.Sql;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.UploadState;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code upload}: how far each has come, and who may write to it. */
@Singleton
class UploadRows {
  private static final String OPEN = "open";
  private static final String COMPLETED = "completed";

  /**
   * Makes the row, or takes a lease that nobody has, or whose server is dead, or this one: it sees
   * to it by itself that one of its requests has the upload. What is returned sees the row as it
   * was before; if it is not the one that was changed, nobody has given that back.
   */
  private static final String ACQUIRE =
      """
      INSERT INTO upload AS u (id, repository, algorithm, state, offset_bytes, detail, fence, holder,
        lease_until)
      SELECT ?, ?, ?, 'open', 0, '', 1, ?, now() + ? * interval '1 millisecond'
      FROM (SELECT set_config('synchronous_commit', 'off', true)) AS durability
      WHERE ? OR EXISTS (SELECT FROM upload WHERE id = ?)
      ON CONFLICT (id) DO UPDATE
        SET fence = u.fence + 1, holder = excluded.holder, lease_until = excluded.lease_until,
            updated_at = now()
        WHERE u.state = 'open'
          AND (u.lease_until IS NULL OR u.lease_until < now() OR u.holder = excluded.holder)
      RETURNING fence, offset_bytes, detail, offset_bytes = 0 OR EXISTS (
        SELECT FROM upload AS before
        WHERE before.id = u.id AND before.fence = u.fence - 1 AND before.lease_until IS NULL)
      """;

  // A row of this server's with an earlier fence: PostgreSQL has crashed and lost the lease.
  // Whoever
  // took one since would stand in the row.
  private static final String RENEW =
      """
      UPDATE upload SET lease_until = now() + ? * interval '1 millisecond', fence = held.fence
      FROM unnest(?::text[]::uuid[], ?::text[]::bigint[]) AS held (id, fence)
      WHERE upload.id = held.id AND state = 'open' AND holder = ?
        AND (upload.fence = held.fence AND lease_until IS NOT NULL OR upload.fence < held.fence)
      RETURNING upload.id
      """;

  private static final String RELEASE =
      "UPDATE upload SET lease_until = NULL WHERE id = ? AND fence = ? AND holder = ?";

  // Bytes of an unfinished upload are durable in the store. Losing the newest row of it in a crash
  // of PostgreSQL only means that the client goes on from an earlier offset: not worth a disk sync.
  // A row that is missing, or has an earlier fence of this server's, was lost in that way, too.
  private static final String SAVE =
      """
      INSERT INTO upload (id, repository, algorithm, fence, holder, state, offset_bytes, detail,
        digest)
      SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?::bytea
        FROM (SELECT set_config('synchronous_commit', ?, true)) AS durability
      ON CONFLICT (id) DO UPDATE
        SET state = excluded.state, offset_bytes = excluded.offset_bytes,
            detail = excluded.detail, digest = excluded.digest, fence = excluded.fence,
            lease_until = NULL, updated_at = now()
        WHERE upload.state = 'open' AND upload.fence <= excluded.fence
          AND upload.holder = excluded.holder
      """;

  private static final String CANCEL =
      """
      INSERT INTO upload (id, repository, algorithm, state, offset_bytes, detail)
      VALUES (?, ?, ?, 'cancelled', 0, '')
      ON CONFLICT (id) DO UPDATE
        SET state = 'cancelled', offset_bytes = 0, detail = '', lease_until = NULL,
            updated_at = now()
        WHERE upload.state = 'open'
      """;

  private final Database database;
  private final UUID holder;
  private final long leaseMillis;

  UploadRows(Database database, Replica replica, EntrepotConfig config) {
    this.database = database;
    this.holder = replica.id();
    this.leaseMillis = config.upload().lease().toMillis();
  }

  /**
   * What a request holds of an upload.
   *
   * @param fence one more than that of the lease before
   * @param state what is durable
   * @param isGivenBack whether the one before has been; else its holder may be at work still
   */
  record Lease(long fence, UploadState state, boolean isGivenBack) {}

  /**
   * A lease of an upload that is under way.
   *
   * @param fresh whether it may be one that no row knows of yet
   * @return empty when another server has it, or it is over, or not there
   */
  Optional<Lease> acquire(UploadId id, boolean fresh) {
    return database.read(
        connection ->
            Sql.find(
                connection,
                ACQUIRE,
                row ->
                    new Lease(
                        row.getLong(1),
                        new UploadState(row.getLong(2), row.getString(3)),
                        row.getBoolean(4)),
                id.uuid(),
                id.repository().value(),
                id.algorithm().label(),
                holder,
                leaseMillis,
                fresh,
                id.uuid()));
  }

  /** Prolongs leases, by upload and fence; returns the uploads whose leases are not lost. */
  Set<UUID> renew(Map<UUID, Long> fences) {
    List<UUID> ids = List.copyOf(fences.keySet());
    List<Long> numbers = ids.stream().map(fences::get).toList();
    return Set.copyOf(
        database.read(
            connection ->
                Sql.list(
                    connection,
                    RENEW,
                    row -> row.getObject(1, UUID.class),
                    leaseMillis,
                    Sql.texts(ids),
                    Sql.texts(numbers),
                    holder)));
  }

  /** Gives a lease back of which nothing is to be kept. */
  void release(UploadId id, long fence) {
    database.read(connection -> Sql.update(connection, RELEASE, id.uuid(), fence, holder));
  }

  Optional<UploadRow> find(UUID id) {
    return database.read(
        connection ->
            Sql.find(
                connection,
                "SELECT state, offset_bytes, detail, digest FROM upload WHERE id = ?",
                UploadRows::read,
                id));
  }

  /** Notes how far an upload has come, and gives the lease back; false when it is lost. */
  boolean saveOpen(UploadId id, long fence, UploadState state) {
    return database.read(connection -> save(connection, id, fence, OPEN, state, null, "off"));
  }

  /**
   * Notes that an upload has become a blob, in the transaction that makes it one; false when the
   * lease is lost, and it must not.
   */
  boolean complete(Connection transaction, UploadId id, long fence, Digest digest, long size)
      throws SQLException {
    return save(transaction, id, fence, COMPLETED, new UploadState(size, ""), digest, "on");
  }

  /** Notes that an upload is over without a blob, whoever has the lease: it is lost by that. */
  void cancel(UploadId id) {
    database.read(
        connection ->
            Sql.update(
                connection, CANCEL, id.uuid(), id.repository().value(), id.algorithm().label()));
  }

  /** An upload that nobody has gone on with. */
  record Expired(UUID id, DigestAlgorithm algorithm, UploadState state) {}

  /** Open uploads that nobody has worked on for an age. */
  List<Expired> listExpired(Duration age, int limit) {
    return database.read(
        connection ->
            Sql.list(
                connection,
                """
                SELECT id, algorithm, offset_bytes, detail FROM upload
                WHERE state = 'open' AND updated_at < now() - ? * interval '1 millisecond'
                ORDER BY updated_at LIMIT ?
                """,
                row ->
                    new Expired(
                        row.getObject(1, UUID.class),
                        DigestAlgorithm.find(row.getString(2)).orElseThrow(),
                        new UploadState(row.getLong(3), row.getString(4))),
                age.toMillis(),
                limit));
  }

  /** Turns an open upload that has expired into a cancelled one; false if it has gone on. */
  boolean expire(UUID id, Duration age) {
    return update(
            """
            UPDATE upload SET state = 'cancelled', updated_at = now()
            WHERE id = ? AND state = 'open' AND updated_at < now() - ? * interval '1 millisecond'
              AND (lease_until IS NULL OR lease_until < now())
            """,
            id,
            age.toMillis())
        > 0;
  }

  /** Deletes the rows of uploads that were over before an age ago; how many. */
  int deleteOver(Duration age) {
    return update(
        """
        DELETE FROM upload
        WHERE state <> 'open' AND updated_at < now() - ? * interval '1 millisecond'
        """,
        age.toMillis());
  }

  private int update(String sql, Object... arguments) {
    return database.read(connection -> Sql.update(connection, sql, arguments));
  }

  private boolean save(
      Connection connection,
      UploadId id,
      long fence,
      String row,
      UploadState state,
      @Nullable Digest digest,
      String durability)
      throws SQLException {
    return Sql.update(
            connection,
            SAVE,
            id.uuid(),
            id.repository().value(),
            id.algorithm().label(),
            fence,
            holder,
            row,
            state.offset(),
            state.detail(),
            digest,
            durability)
        > 0;
  }

  private static UploadRow read(ResultSet row) throws SQLException {
    return switch (row.getString(1)) {
      case OPEN -> new UploadRow.Open(new UploadState(row.getLong(2), row.getString(3)));
      case COMPLETED -> new UploadRow.Completed(Digest.fromBytes(row.getBytes(4)));
      default -> new UploadRow.Cancelled();
    };
  }
}
