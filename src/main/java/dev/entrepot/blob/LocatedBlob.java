package dev.entrepot.blob;

import dev.entrepot.database.Sql;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A blob and where its bytes are, whoever holds it: for what goes through all of them. */
public record LocatedBlob(Digest digest, BlobLocation location) {
  private static final byte[] BEFORE_ALL = {};

  private static final String LIST =
      """
      SELECT digest, storage_key, size FROM blob
      WHERE digest > ? AND state IN ('live', 'condemned') ORDER BY digest LIMIT ?
      """;

  /**
   * Blobs that can be read, in order of their digests.
   *
   * @param after only digests after this one; null from the start
   */
  public static List<LocatedBlob> list(Connection connection, @Nullable Digest after, int limit)
      throws SQLException {
    return Sql.list(
        connection, LIST, LocatedBlob::read, after == null ? BEFORE_ALL : after.toBytes(), limit);
  }

  /** Of a row that begins with digest, storage_key and size. */
  public static LocatedBlob read(ResultSet row) throws SQLException {
    return new LocatedBlob(
        Sql.digest(row, 1), new BlobLocation(new StorageKey(row.getString(2)), row.getLong(3)));
  }
}
