package dev.entrepot.upload;

import dev.entrepot.database.Database;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.UploadState;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code upload}. */
@Singleton
class UploadRows {
  private static final String OPEN = "open";
  private static final String COMPLETED = "completed";
  private static final String CANCELLED = "cancelled";

  // Bytes of an unfinished upload are durable in the store. Losing the newest row of it in a crash
  // of PostgreSQL only means that the client goes on from an earlier offset: not worth a disk sync.
  private static final String SAVE =
      """
      INSERT INTO upload (id, repository, algorithm, state, offset_bytes, detail, digest)
      SELECT ?, ?, ?, ?, ?, ?, ?
        FROM (SELECT set_config('synchronous_commit', ?, true)) AS durability
      ON CONFLICT (id) DO UPDATE
        SET state = excluded.state, offset_bytes = excluded.offset_bytes,
            detail = excluded.detail, digest = excluded.digest, updated_at = now()
        WHERE upload.state = 'open'
      """;

  private final Database database;

  UploadRows(Database database) {
    this.database = database;
  }

  Optional<UploadRow> find(UUID id) {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT state, offset_bytes, detail, digest FROM upload WHERE id = ?")) {
            select.setObject(1, id);
            ResultSet row = select.executeQuery();
            return row.next() ? Optional.of(read(row)) : Optional.empty();
          }
        });
  }

  /** Notes how far an upload has come. */
  void saveOpen(UploadId id, UploadState state) {
    database.read(connection -> save(connection, id, OPEN, state, null, false));
  }

  /** Notes that an upload has become a blob, in the transaction that makes it one. */
  void complete(Connection transaction, UploadId id, Digest digest, long size) throws SQLException {
    save(transaction, id, COMPLETED, new UploadState(size, ""), digest, true);
  }

  /** Notes that an upload is over without a blob. */
  void cancel(UploadId id) {
    database.read(connection -> save(connection, id, CANCELLED, UploadState.EMPTY, null, true));
  }

  /** An upload that nobody has gone on with. */
  record Expired(UUID id, DigestAlgorithm algorithm, UploadState state) {}

  /** Open uploads that were last saved before an age ago. */
  List<Expired> listExpired(Duration age, int limit) {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  """
                  SELECT id, algorithm, offset_bytes, detail FROM upload
                  WHERE state = 'open' AND updated_at < now() - ? * interval '1 millisecond'
                  ORDER BY updated_at LIMIT ?
                  """)) {
            select.setLong(1, age.toMillis());
            select.setInt(2, limit);
            ResultSet rows = select.executeQuery();
            List<Expired> expired = new ArrayList<>();
            while (rows.next()) {
              expired.add(
                  new Expired(
                      rows.getObject(1, UUID.class),
                      DigestAlgorithm.find(rows.getString(2)).orElseThrow(),
                      new UploadState(rows.getLong(3), rows.getString(4))));
            }
            return expired;
          }
        });
  }

  /** Turns an open upload that has expired into a cancelled one; false if it has gone on. */
  boolean expire(UUID id, Duration age) {
    return update(
            """
            UPDATE upload SET state = 'cancelled', updated_at = now()
            WHERE id = ? AND state = 'open' AND updated_at < now() - ? * interval '1 millisecond'
            """,
            id,
            age)
        > 0;
  }

  /** Deletes the rows of uploads that were over before an age ago; how many. */
  int deleteOver(Duration age) {
    return update(
        """
        DELETE FROM upload
        WHERE state <> 'open' AND updated_at < now() - ? * interval '1 millisecond'
        """,
        null,
        age);
  }

  private int update(String sql, @Nullable UUID id, Duration age) {
    return database.read(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(sql)) {
            int at = 1;
            if (id != null) {
              update.setObject(at++, id);
            }
            update.setLong(at, age.toMillis());
            return update.executeUpdate();
          }
        });
  }

  private static int save(
      Connection connection,
      UploadId id,
      String row,
      UploadState state,
      @Nullable Digest digest,
      boolean durable)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(SAVE)) {
      insert.setObject(1, id.uuid());
      insert.setString(2, id.repository().value());
      insert.setString(3, id.algorithm().label());
      insert.setString(4, row);
      insert.setLong(5, state.offset());
      insert.setString(6, state.detail());
      insert.setBytes(7, digest == null ? null : digest.toBytes());
      insert.setString(8, durable ? "on" : "off");
      return insert.executeUpdate();
    }
  }

  private static UploadRow read(ResultSet row) throws SQLException {
    return switch (row.getString(1)) {
      case OPEN -> new UploadRow.Open(new UploadState(row.getLong(2), row.getString(3)));
      case COMPLETED -> new UploadRow.Completed(Digest.fromBytes(row.getBytes(4)));
      default -> new UploadRow.Cancelled();
    };
  }
}
