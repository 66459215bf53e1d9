package dev.entrepot.manifest;

import dev.entrepot.database.Sql;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.oci.Descriptor;
import dev.entrepot.oci.ParsedManifest;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.storage.Digest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The statements on manifests and their references. */
final class ManifestRows {
  static final String FIND =
      "SELECT digest, media_type, content FROM manifest WHERE repository_id = ? AND digest = ?";

  /** In order of the digest, so that two pushes that share content do not wait for each other. */
  static final String HOLD_BLOBS =
      """
      SELECT digest FROM repository_blob WHERE repository_id = ? AND digest = ANY (?)
      ORDER BY digest FOR KEY SHARE
      """;

  static final String HOLD_MANIFESTS =
      """
      SELECT digest FROM manifest WHERE repository_id = ? AND digest = ANY (?)
      ORDER BY digest FOR KEY SHARE
      """;

  /**
   * The references are fed from the row, so they are written only once the row is this
   * transaction's: a delete that was under way before has taken its own references with it by then.
   */
  static final String INSERT =
      "WITH recorded AS ("
          + AuditEvent.INSERT
          + """
          ), pushed AS (
            INSERT INTO manifest
              (repository_id, digest, media_type, content, artifact_type, subject, annotations)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (repository_id, digest) DO UPDATE SET pushed_at = now()
            RETURNING repository_id, digest)
          INSERT INTO manifest_reference (repository_id, parent, child, child_is_manifest)
          SELECT pushed.repository_id, pushed.digest, child, child_is_manifest
          FROM pushed, unnest(?, ?) AS reference (child, child_is_manifest)
          ON CONFLICT DO NOTHING
          """;

  static final String LOCK =
      "SELECT 1 FROM manifest WHERE repository_id = ? AND digest = ? FOR UPDATE";

  static final String PARENTS =
      """
      SELECT parent FROM manifest_reference
      WHERE repository_id = ? AND child = ? AND child_is_manifest LIMIT ?
      """;

  static final String DELETE =
      "WITH recorded AS ("
          + AuditEvent.INSERT
          + """
          ), loose AS (
            DELETE FROM manifest_reference WHERE repository_id = ? AND parent = ?)
          DELETE FROM manifest WHERE repository_id = ? AND digest = ?
          """;

  private ManifestRows() {}

  static Optional<StoredManifest> find(Connection connection, RepositoryId id, Digest digest)
      throws SQLException {
    return Sql.find(connection, FIND, ManifestRows::stored, id.value(), digest);
  }

  /** Reads the columns digest, media_type, content. */
  static StoredManifest stored(ResultSet row) throws SQLException {
    return new StoredManifest(Sql.digest(row, 1), row.getString(2), row.getBytes(3));
  }

  /** Keeps what is there from being deleted until the transaction ends; returns what is not. */
  static List<Descriptor> holdOrListMissing(
      Connection transaction, String statement, RepositoryId id, Collection<Descriptor> needed)
      throws SQLException {
    if (needed.isEmpty()) {
      return List.of();
    }
    Set<Digest> digests = new HashSet<>();
    needed.forEach(descriptor -> digests.add(descriptor.digest()));
    Set<Digest> held =
        new HashSet<>(
            Sql.list(
                transaction,
                statement,
                row -> Sql.digest(row, 1),
                id.value(),
                Sql.digests(digests)));
    return needed.stream().filter(descriptor -> !held.contains(descriptor.digest())).toList();
  }

  static void insert(
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
    Sql.update(
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

  static void delete(Connection transaction, RepositoryId id, Digest digest, AuditEvent event)
      throws SQLException {
    Sql.update(transaction, DELETE, event.argumentsAnd(id.value(), digest, id.value(), digest));
  }
}
