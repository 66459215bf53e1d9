package dev.entrepot.journal;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.AuditKind;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which repositories have changed, and what they hold. Every change of manifests and tags has an
 * event in the audit log that was written in its transaction: what comes after a position there has
 * changed since.
 */
final class JournalRows {
  /** Kinds of events after which a repository may hold something else. */
  private static final String[] KINDS =
      Stream.of(
              AuditKind.MANIFEST_PUSH,
              AuditKind.MANIFEST_DELETE,
              AuditKind.TAG_MOVE,
              AuditKind.TAG_DELETE,
              AuditKind.TRASH_RESTORE,
              AuditKind.REPOSITORY_DELETE,
              AuditKind.REPOSITORY_RESTORE)
          .map(AuditKind::text)
          .toArray(String[]::new);

  /** What is below it is committed or never will be; whoever looks from now on sees it. */
  private static final String SETTLED =
      """
      SELECT coalesce(max(era), 0), pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      FROM audit_event
      """;

  private static final String CHANGED =
      """
      SELECT era, tx::text::bigint, id, repository FROM audit_event
      WHERE (era, tx, id) > (?, ?::text::xid8, ?) AND (era, tx, id) < (?, ?::text::xid8, 0)
        AND kind = ANY (?) AND repository IS NOT NULL
      ORDER BY era, tx, id LIMIT ?
      """;

  private static final String ALL =
      "SELECT id, name FROM repository WHERE id > ? AND deleted_at IS NULL ORDER BY id LIMIT ?";

  private static final String FIND =
      "SELECT id FROM repository WHERE name = ? AND deleted_at IS NULL";

  private static final String ONE_MOMENT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

  private static final String TAGS =
      """
      SELECT name, digest FROM tag WHERE repository_id = ? AND name > ? ORDER BY name LIMIT ?
      """;

  private static final String MANIFESTS =
      """
      SELECT digest, media_type, content FROM manifest
      WHERE repository_id = ? AND digest > ? ORDER BY digest LIMIT ?
      """;

  private static final int TAG_PAGE = 1000;

  /** A manifest may have some megabytes. */
  private static final int MANIFEST_PAGE = 20;

  private static final byte[] BEFORE_ALL = {};

  /** A repository by its id. */
  record Repository(long id, String name) {}

  /** A repository that has changed, and where the log says so. */
  record Change(Position at, String repository) {}

  private record Tag(String name, Digest digest) {}

  private record Manifest(Digest digest, String mediaType, byte[] content) {}

  private final Database database;

  JournalRows(Database database) {
    this.database = database;
  }

  Position settled() {
    return database.read(
        connection ->
            Sql.find(connection, SETTLED, row -> new Position(row.getInt(1), row.getLong(2), 0))
                .orElseThrow());
  }

  /** Changes after a position and before one that is settled, in order. */
  List<Change> listChanged(Position after, Position before, int limit) {
    return database.read(
        connection ->
            Sql.list(
                connection,
                CHANGED,
                row ->
                    new Change(
                        new Position(row.getInt(1), row.getLong(2), row.getLong(3)),
                        row.getString(4)),
                after.era(),
                Long.toString(after.tx()),
                after.id(),
                before.era(),
                Long.toString(before.tx()),
                KINDS,
                limit));
  }

  List<Repository> list(long after, int limit) {
    return database.read(
        connection ->
            Sql.list(
                connection,
                ALL,
                row -> new Repository(row.getLong(1), row.getString(2)),
                after,
                limit));
  }

  /** Gives who writes what a repository holds at one moment. */
  interface Writer {
    StateWriter begin();
  }

  /**
   * Writes what a repository holds at one moment; how many bytes that took, empty when there is no
   * such repository.
   */
  Optional<Long> write(RepositoryName name, Writer writer) {
    return database.transact(
        transaction -> {
          Sql.update(transaction, ONE_MOMENT);
          Optional<Long> id = Sql.find(transaction, FIND, row -> row.getLong(1), name.value());
          if (id.isEmpty()) {
            return id;
          }
          StateWriter out = writer.begin();
          writeTags(transaction, id.get(), out);
          writeManifests(transaction, id.get(), out);
          return Optional.of(out.end());
        });
  }

  private static void writeTags(Connection transaction, long id, StateWriter out)
      throws SQLException {
    String last = "";
    List<Tag> page;
    do {
      page =
          Sql.list(
              transaction,
              TAGS,
              row -> new Tag(row.getString(1), Sql.digest(row, 2)),
              id,
              last,
              TAG_PAGE);
      for (Tag tag : page) {
        out.tag(tag.name(), tag.digest());
        last = tag.name();
      }
    } while (page.size() == TAG_PAGE);
  }

  private static void writeManifests(Connection transaction, long id, StateWriter out)
      throws SQLException {
    byte[] last = BEFORE_ALL;
    List<Manifest> page;
    do {
      page =
          Sql.list(
              transaction,
              MANIFESTS,
              row -> new Manifest(Sql.digest(row, 1), row.getString(2), row.getBytes(3)),
              id,
              last,
              MANIFEST_PAGE);
      for (Manifest manifest : page) {
        out.manifest(manifest.digest(), manifest.mediaType(), manifest.content());
        last = manifest.digest().toBytes();
      }
    } while (page.size() == MANIFEST_PAGE);
  }
}
