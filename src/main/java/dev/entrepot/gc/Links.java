package dev.entrepot.gc;

import dev.entrepot.blob.Revivals;
import dev.entrepot.blob.UsageLedger;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.storage.Digest;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Blobs of repositories that no manifest there needs. */
@Singleton
class Links extends ContentScan {
  private static final String JUDGE =
      """
      SELECT repository_id, digest, needed, condemned_at IS NOT NULL,
        coalesce(condemned_at <= now() - ? * interval '1 millisecond', false)
      FROM (
        SELECT page.*, (
          SELECT 1 FROM manifest_reference r
          WHERE r.repository_id = page.repository_id AND r.child = page.digest
            AND NOT r.child_is_manifest
          LIMIT 1) IS NOT NULL AS needed
        FROM page) AS judged
      ORDER BY repository_id, digest
      """;

  private static final String GIVEN =
      "WITH given AS (SELECT * FROM unnest(?::text[]::bigint[], ?) AS g (repository_id, digest))";

  private static final String UNLINK =
      GIVEN
          + """
          , gone AS (
            DELETE FROM repository_blob link USING given
            WHERE link.repository_id = given.repository_id AND link.digest = given.digest
            RETURNING link.repository_id, link.digest),
          outdated AS (
            INSERT INTO content_change (repository, digest)
            SELECT r.name, gone.digest FROM gone JOIN repository r ON r.id = gone.repository_id
            WHERE r.deleted_at IS NULL)
          SELECT r.id, coalesce(r.deleted_name, r.name), gone.digest, b.size,
            r.deleted_at IS NOT NULL
          FROM gone JOIN repository r ON r.id = gone.repository_id
          JOIN blob b ON b.digest = gone.digest
          """;

  /** So that of who takes the link and who takes the last of the trash, the second sees both. */
  static final String LOCK_HOLDERS =
      GIVEN
          + """
          SELECT 1 FROM blob_holder h JOIN given
            ON h.digest = given.digest AND h.repository_id = given.repository_id
          ORDER BY h.digest, h.repository_id FOR UPDATE OF h
          """;

  static final String UNHOLD =
      GIVEN
          + """
          DELETE FROM blob_holder h USING given
          WHERE h.digest = given.digest AND h.repository_id = given.repository_id
            AND NOT EXISTS (
              SELECT FROM repository_blob link
              WHERE link.repository_id = given.repository_id AND link.digest = given.digest)
            AND NOT EXISTS (
              SELECT FROM trash_reference t
              WHERE t.repository_id = given.repository_id AND t.child = given.digest)
          """;

  private final Database database;
  private final UsageLedger usage;
  private final ContentEvents events;
  private final Revivals revivals;
  private final GcMetrics metrics;
  private final long waitMillis;

  Links(
      Database database,
      UsageLedger usage,
      ContentEvents events,
      Revivals revivals,
      GcMetrics metrics,
      EntrepotConfig config) {
    super(database, "repository_blob", "", JUDGE, config.gc().batchSize());
    this.database = database;
    this.usage = usage;
    this.events = events;
    this.revivals = revivals;
    this.metrics = metrics;
    this.waitMillis = Waits.unneeded(config.gc().grace()).toMillis();
  }

  private record Gone(long repository, String name, Digest digest, long size, boolean hidden) {}

  @Override
  public String name() {
    return "blobs-of-repositories";
  }

  @Override
  @Nullable Object[] judging() {
    return new @Nullable Object[] {waitMillis};
  }

  @Override
  void condemned(int count) {
    metrics.condemned("blob", count);
  }

  @Override
  void revived(int count) {
    revivals.links(count);
  }

  @Override
  void remove(List<Key> keys) {
    List<Gone> gone =
        database.transactByKeys(
            transaction -> unlink(transaction, lockUnneeded(transaction, keys)));
    metrics.deleted("blob", gone.size());
    gone.stream()
        .filter(link -> !link.hidden())
        .forEach(
            link ->
                events.publish(
                    new ContentEvent.BlobUnlinked(new RepositoryName(link.name()), link.digest())));
  }

  /** Takes away links whose rows are locked, or whose repository is being emptied. */
  private List<Gone> unlink(Connection transaction, List<Key> keys) throws SQLException {
    if (keys.isEmpty()) {
      return List.of();
    }
    String[] repositories = Key.repositories(keys);
    byte[][] digests = Key.digests(keys);
    Sql.exists(transaction, LOCK_HOLDERS, repositories, digests);
    List<Gone> gone = Sql.list(transaction, UNLINK, Links::gone, repositories, digests);
    Sql.update(transaction, UNHOLD, repositories, digests);
    for (Gone link : gone) {
      usage.count(transaction, new RepositoryId(link.repository()), -link.size());
      AuditEvent event =
          AuditEvent.in(link.name(), AuditKind.BLOB_DELETE, Actor.CLEAN_UP, null, link.digest());
      Sql.update(transaction, AuditEvent.INSERT, event.arguments());
    }
    return gone;
  }

  private static Gone gone(ResultSet row) throws SQLException {
    return new Gone(
        row.getLong(1), row.getString(2), Sql.digest(row, 3), row.getLong(4), row.getBoolean(5));
  }
}
