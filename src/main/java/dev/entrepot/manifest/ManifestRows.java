package dev.entrepot.manifest;

import dev.entrepot.database.Sql;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.oci.Descriptor;
import dev.entrepot.oci.ParsedManifest;
import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.repository.RepositoryService;
import dev.entrepot.storage.Digest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The statements on manifests and their references. */
final class ManifestRows {
  static final String FIND =
      """
      SELECT digest, media_type, content, condemned_at IS NOT NULL FROM manifest
      WHERE repository_id = ? AND digest = ?
      """;

  /** In order of the digest, so that two pushes that share content do not wait for each other. */
  static final String HOLD =
      """
      SELECT digest, condemned_at IS NOT NULL FROM %s WHERE repository_id = ? AND digest = ANY (?)
      ORDER BY digest FOR KEY SHARE
      """;

  /** In the same order, since this lock is a stronger one. */
  static final String REVIVE =
      """
      WITH condemned AS (
        SELECT digest FROM %1$s
        WHERE repository_id = ? AND digest = ANY (?) AND condemned_at IS NOT NULL
        ORDER BY digest FOR NO KEY UPDATE)
      UPDATE %1$s AS needed SET condemned_at = NULL FROM condemned
      WHERE needed.repository_id = ? AND needed.digest = condemned.digest
      """;

  /**
   * The references are fed from the row, so they are written only once the row is this
   * transaction's: a delete that was under way before has taken its own references with it by then.
   * No row where the repository was deleted meanwhile.
   */
  static final String INSERT =
      "WITH recorded AS ("
          + AuditEvent.INSERT
          + "), here AS ("
          + RepositoryService.HOLD
          + """
          ), pushed AS (
            INSERT INTO manifest
              (repository_id, digest, media_type, content, artifact_type, subject, annotations)
            SELECT id, ?, ?, ?, ?::text, ?::bytea, ?::text FROM here
            ON CONFLICT (repository_id, digest) DO UPDATE SET
              pushed_at = now(), condemned_at = NULL
            RETURNING repository_id, digest),
          referring AS (
            INSERT INTO manifest_reference (repository_id, parent, child, child_is_manifest)
            SELECT pushed.repository_id, pushed.digest, child, child_is_manifest
            FROM pushed, unnest(?, ?) AS reference (child, child_is_manifest)
            ON CONFLICT DO NOTHING)
          SELECT 1 FROM pushed
          """;

  static final String LOCK =
      "SELECT 1 FROM manifest WHERE repository_id = ? AND digest = ? FOR UPDATE";

  static final String PARENTS =
      """
      SELECT parent FROM manifest_reference
      WHERE repository_id = ? AND child = ? AND child_is_manifest LIMIT ?
      """;

  /** To the trash, where there is one. */
  static final String DELETE =
      "WITH recorded AS ("
          + AuditEvent.INSERT
          + """
          ), loose AS (
            DELETE FROM manifest_reference WHERE repository_id = ? AND parent = ?
            RETURNING child, child_is_manifest),
          gone AS (
            DELETE FROM manifest WHERE repository_id = ? AND digest = ?
            RETURNING repository_id, digest, media_type, content),
          outdated AS (
            INSERT INTO content_change (repository, digest) SELECT ?, digest FROM gone),
          kept AS (
            INSERT INTO trash (repository_id, deleted_by, digest, tags, media_type, content)
            SELECT repository_id, ?, digest, ?, media_type, content FROM gone WHERE ?
            RETURNING repository_id, id)
          INSERT INTO trash_reference (repository_id, trash_id, child)
          SELECT kept.repository_id, kept.id, loose.child FROM kept, loose
          WHERE NOT loose.child_is_manifest
          """;

  private ManifestRows() {}

  /** A manifest, and whether it is condemned. */
  record Found(StoredManifest manifest, boolean condemned) {}

  static Optional<Found> find(Connection connection, RepositoryId id, Digest digest)
      throws SQLException {
    return Sql.find(
        connection, FIND, row -> new Found(stored(row), row.getBoolean(4)), id.value(), digest);
  }

  /** Reads the columns digest, media_type, content. */
  static StoredManifest stored(ResultSet row) throws SQLException {
    return new StoredManifest(Sql.digest(row, 1), row.getString(2), row.getBytes(3));
  }

  /** Some digests of a repository that a transaction relies on: those that are there. */
  record Held(Set<Digest> there, int revived) {}

  /** Keeps what is there from being deleted until the transaction ends, and revives it. */
  static Held hold(
      Connection transaction, String table, RepositoryId id, Collection<Descriptor> needed)
      throws SQLException {
    Set<Digest> digests = new HashSet<>();
    needed.forEach(descriptor -> digests.add(descriptor.digest()));
    if (digests.isEmpty()) {
      return new Held(Set.of(), 0);
    }
    Set<Digest> there = new HashSet<>();
    Set<Digest> condemned = new HashSet<>();
    Sql.list(
            transaction,
            HOLD.formatted(table),
            row -> Map.entry(Sql.digest(row, 1), row.getBoolean(2)),
            id.value(),
            Sql.digests(digests))
        .forEach(row -> (row.getValue() ? condemned : there).add(row.getKey()));
    int revived = condemned.isEmpty() ? 0 : revive(transaction, table, id, condemned);
    there.addAll(condemned);
    return new Held(there, revived);
  }

  static int revive(Connection connection, String table, RepositoryId id, Set<Digest> digests)
      throws SQLException {
    return Sql.update(
        connection, REVIVE.formatted(table), id.value(), Sql.digests(digests), id.value());
  }

  /** False when the repository was deleted meanwhile: nothing is inserted then. */
  static boolean insert(
      Connection transaction,
      RepositoryId id,
      Digest digest,
      ParsedManifest manifest,
      byte[] content,
      AuditEvent event)
      throws SQLException {
    List<Digest> children = new ArrayList<>();
    manifest.blobs().forEach(blob -> children.add(blob.digest()));
    int blobs = children.size();
    manifest.manifests().forEach(child -> children.add(child.digest()));
    Boolean[] areManifests = new Boolean[children.size()];
    for (int i = 0; i < areManifests.length; i++) {
      areManifests[i] = i >= blobs;
    }
    Descriptor subject = manifest.subject();
    return Sql.exists(
        transaction,
        INSERT,
        event.argumentsAnd(
            id.value(),
            digest,
            manifest.mediaType(),
            content,
            manifest.artifactType(),
            subject == null ? null : subject.digest(),
            subject == null ? null : manifest.annotations(),
            Sql.digests(children),
            areManifests));
  }

  static boolean lock(Connection transaction, RepositoryId id, Digest digest) throws SQLException {
    return Sql.exists(transaction, LOCK, id.value(), digest);
  }

  static List<Digest> listParents(Connection transaction, RepositoryId id, Digest digest, int limit)
      throws SQLException {
    return Sql.list(transaction, PARENTS, row -> Sql.digest(row, 1), id.value(), digest, limit);
  }

  /**
   * Deletes a manifest, whose row is locked.
   *
   * @param tags that it had, for the trash
   * @param toTrash whether it can be had back
   */
  static void delete(
      Connection transaction,
      RepositoryId id,
      Digest digest,
      Collection<TagName> tags,
      boolean toTrash,
      AuditEvent event)
      throws SQLException {
    Sql.update(
        transaction,
        DELETE,
        event.argumentsAnd(
            id.value(),
            digest,
            id.value(),
            digest,
            event.repository(),
            event.actor().name(),
            Sql.texts(tags),
            toTrash));
  }
}
