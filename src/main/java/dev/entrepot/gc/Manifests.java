package dev.entrepot.gc;

import dev.entrepot.blob.Revivals;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.GcConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.manifest.ManifestDeletion;
import dev.entrepot.manifest.ManifestService;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.RepositoryId;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Manifests that nothing points to: no tag, also none in the trash; no index; no subject that is
 * there. One with a subject that is not there stays for a time of its own, any other one for as
 * long as its repository, or the server, says.
 */
@Singleton
class Manifests extends ContentScan {
  private static final String JUDGE =
      """
      SELECT repository_id, digest, pointed_at OR age IS NULL, condemned_at IS NOT NULL,
        coalesce(condemned_at <= now() - greatest(age, ? * interval '1 millisecond'), false)
      FROM (
        SELECT page.repository_id, page.digest, page.condemned_at,
          r.deleted_at IS NOT NULL OR (
            SELECT 1 FROM tag t
            WHERE t.repository_id = page.repository_id AND t.digest = page.digest
            LIMIT 1) IS NOT NULL
          OR (
            SELECT 1 FROM manifest_reference i
            WHERE i.repository_id = page.repository_id AND i.child = page.digest
              AND i.child_is_manifest
            LIMIT 1) IS NOT NULL
          OR (
            SELECT 1 FROM manifest s
            WHERE s.repository_id = page.repository_id AND s.digest = page.subject) IS NOT NULL
          OR (
            SELECT 1 FROM trash d
            WHERE d.repository_id = page.repository_id AND d.digest = page.digest
              AND d.content IS NULL
            LIMIT 1) IS NOT NULL AS pointed_at,
          CASE
            WHEN page.subject IS NOT NULL THEN ? * interval '1 millisecond'
            WHEN r.untagged IS NULL THEN ?::bigint * interval '1 millisecond'
            WHEN r.untagged <> 'keep' THEN make_interval(days => rtrim(r.untagged, 'd')::int)
          END AS age
        FROM page JOIN repository r ON r.id = page.repository_id) AS judged
      ORDER BY repository_id, digest
      """;

  private static final String NAME = "SELECT name FROM repository WHERE id = ?";

  private final Database database;
  private final ManifestService manifests;
  private final ContentEvents events;
  private final Revivals revivals;
  private final GcMetrics metrics;
  private final GcConfig settings;

  Manifests(
      Database database,
      ManifestService manifests,
      ContentEvents events,
      Revivals revivals,
      GcMetrics metrics,
      EntrepotConfig config) {
    super(database, "manifest", ", subject", JUDGE, config.gc().batchSize());
    this.database = database;
    this.manifests = manifests;
    this.events = events;
    this.revivals = revivals;
    this.metrics = metrics;
    this.settings = config.gc();
  }

  @Override
  public String name() {
    return "manifests";
  }

  @Override
  @Nullable Object[] judging() {
    return new @Nullable Object[] {
      Waits.unneeded(settings.grace()).toMillis(),
      settings.absentSubjectAge().toMillis(),
      settings.untaggedAge().map(Duration::toMillis).orElse(null)
    };
  }

  @Override
  void condemned(int count) {
    metrics.condemned("manifest", count);
  }

  @Override
  void revived(int count) {
    revivals.manifests(count);
  }

  @Override
  void remove(List<Key> keys) {
    List<ManifestDeletion> gone =
        database.transactByKeys(
            transaction -> discard(transaction, lockUnneeded(transaction, keys)));
    metrics.deleted("manifest", gone.size());
    gone.forEach(
        deletion ->
            events.publish(
                new ContentEvent.ManifestDeleted(deletion.repository(), deletion.digest())));
  }

  private List<ManifestDeletion> discard(Connection transaction, List<Key> keys)
      throws SQLException {
    List<ManifestDeletion> gone = new ArrayList<>();
    for (Key key : keys) {
      String name =
          Sql.find(transaction, NAME, row -> row.getString(1), key.repository()).orElseThrow();
      var deletion = new ManifestDeletion(new RepositoryName(name), key.digest(), Actor.CLEAN_UP);
      manifests.discard(transaction, new RepositoryId(key.repository()), deletion);
      gone.add(deletion);
    }
    return gone;
  }
}
