package dev.entrepot.trash;

import dev.entrepot.database.Sql;
import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.storage.Digest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements on the trash of a repository. */
final class TrashRows {
  private static final String COLUMNS =
      """
      SELECT id, digest, media_type, tags, deleted_at, deleted_by,
        deleted_at + ? * interval '1 millisecond', content
      FROM trash WHERE repository_id = ? AND deleted_at > now() - ? * interval '1 millisecond'
      """;

  private static final String LIST = COLUMNS + " AND id > ? ORDER BY id LIMIT ?";

  /** Clean-up takes nothing that is locked. */
  private static final String LOCK = COLUMNS + " AND id = ? FOR UPDATE";

  /** Of each manifest the last one first, in the order in which pushes lock manifests. */
  private static final String LOCK_MISSING =
      COLUMNS
          + """
           AND digest = ANY (?) AND content IS NOT NULL AND NOT EXISTS (
            SELECT FROM manifest m
            WHERE m.repository_id = trash.repository_id AND m.digest = trash.digest)
          ORDER BY digest, id DESC FOR UPDATE
          """;

  private static final String MANIFEST =
      "SELECT media_type, content FROM manifest WHERE repository_id = ? AND digest = ?";

  private static final String MOVED =
      """
      SELECT name FROM tag WHERE repository_id = ? AND name = ANY (?) AND digest <> ?
      ORDER BY name
      """;

  /** Blobs whose links have gone meanwhile; the trash has kept their holders. */
  private static final String LINK =
      """
      WITH linked AS (
        INSERT INTO repository_blob (repository_id, digest)
        SELECT h.repository_id, h.digest
        FROM trash_reference t
        JOIN blob_holder h ON h.digest = t.child AND h.repository_id = t.repository_id
        WHERE t.repository_id = ? AND t.trash_id = ?
        ORDER BY h.digest
        ON CONFLICT DO NOTHING RETURNING digest)
      SELECT coalesce(sum(b.size), 0) FROM linked JOIN blob b ON b.digest = linked.digest
      """;

  private static final String DELETE = "DELETE FROM trash WHERE repository_id = ? AND id = ?";

  /** With the content of a deleted manifest; null for tags. */
  record Entry(TrashedContent shown, Digest digest, byte @Nullable [] content) {
    List<TagName> tags() {
      return shown.tags().stream().map(TagName::new).toList();
    }
  }

  /** A manifest's media type and bytes. */
  record Content(String mediaType, byte[] bytes) {}

  private TrashRows() {}

  static List<TrashedContent> list(
      Connection connection, RepositoryId repository, Duration keep, long after, int limit)
      throws SQLException {
    long millis = keep.toMillis();
    return Sql.list(
        connection,
        LIST,
        row -> entry(row).shown(),
        millis,
        repository.value(),
        millis,
        after,
        limit);
  }

  static Optional<Entry> lock(
      Connection transaction, RepositoryId repository, Duration keep, long id) throws SQLException {
    long millis = keep.toMillis();
    return Sql.find(transaction, LOCK, TrashRows::entry, millis, repository.value(), millis, id);
  }

  /** Those of some manifests that are not in the repository, and are here. */
  static Collection<Entry> lockMissing(
      Connection transaction, RepositoryId repository, Duration keep, Collection<Digest> digests)
      throws SQLException {
    Map<Digest, Entry> found = new LinkedHashMap<>();
    long millis = keep.toMillis();
    Sql.list(
            transaction,
            LOCK_MISSING,
            TrashRows::entry,
            millis,
            repository.value(),
            millis,
            Sql.digests(digests))
        .forEach(entry -> found.putIfAbsent(entry.digest(), entry));
    return found.values();
  }

  static Optional<Content> findManifest(
      Connection transaction, RepositoryId repository, Digest digest) throws SQLException {
    return Sql.find(
        transaction,
        MANIFEST,
        row -> new Content(row.getString(1), row.getBytes(2)),
        repository.value(),
        digest);
  }

  /** Those of the tags that point elsewhere by now. */
  static List<String> listMoved(
      Connection transaction, RepositoryId repository, Collection<TagName> tags, Digest digest)
      throws SQLException {
    return Sql.list(
        transaction, MOVED, row -> row.getString(1), repository.value(), Sql.texts(tags), digest);
  }

  /** Makes the blobs of a manifest visible again; how many bytes that adds. */
  static long link(Connection transaction, RepositoryId repository, long id) throws SQLException {
    return Sql.find(transaction, LINK, row -> row.getLong(1), repository.value(), id).orElse(0L);
  }

  static void delete(Connection transaction, RepositoryId repository, long id) throws SQLException {
    Sql.update(transaction, DELETE, repository.value(), id);
  }

  private static Entry entry(ResultSet row) throws SQLException {
    byte[] content = row.getBytes(8);
    Digest digest = Sql.digest(row, 2);
    List<String> tags =
        Arrays.stream((Object[]) row.getArray(4).getArray()).map(String::valueOf).toList();
    return new Entry(
        new TrashedContent(
            row.getLong(1),
            content == null ? "tag" : "manifest",
            digest.toString(),
            row.getString(3),
            tags,
            instant(row, 5),
            row.getString(6),
            instant(row, 7)),
        digest,
        content);
  }

  static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
