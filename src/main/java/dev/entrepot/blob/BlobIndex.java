package dev.entrepot.blob;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.repository.RepositoryService;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Which repository holds which blob, and where its bytes are. A blob is visible only in
 * repositories that it was pushed or mounted to.
 */
@Singleton
public class BlobIndex {
  private static final int PARENTS_NAMED = 10;

  static final String FIND =
      """
      SELECT b.storage_key, b.size, rb.condemned_at IS NOT NULL
      FROM repository_blob rb JOIN blob b ON b.digest = rb.digest
      WHERE rb.repository_id = ? AND rb.digest = ? AND b.state = 'live'
      """;

  static final String REVIVE =
      """
      UPDATE repository_blob SET condemned_at = NULL
      WHERE repository_id = ? AND digest = ? AND condemned_at IS NOT NULL
      """;

  /**
   * The holder follows from the link, never by itself: whoever inserted the link owns both until
   * its commit, so the two stay in step while others unlink. A holder that the trash has kept is
   * locked, so that clean-up does not take it meanwhile.
   */
  private static final String LINK =
      """
      linked AS (
        INSERT INTO repository_blob (repository_id, digest) SELECT repository_id, digest FROM kept
        ON CONFLICT DO NOTHING RETURNING digest, repository_id),
      revived AS (
        UPDATE repository_blob link SET condemned_at = NULL
        WHERE repository_id = ? AND digest = ? AND condemned_at IS NOT NULL
          AND EXISTS (SELECT FROM kept)
        RETURNING 1),
      holder AS (
        INSERT INTO blob_holder (digest, repository_id) SELECT digest, repository_id FROM linked
        ON CONFLICT (digest, repository_id) DO UPDATE SET repository_id = excluded.repository_id
        WHERE false)
      SELECT storage_key, size, EXISTS (SELECT FROM linked), (SELECT count(*) FROM revived)
      FROM kept
      """;

  /** No row where the repository was deleted meanwhile. */
  static final String PUBLISH =
      "WITH recorded AS ("
          + AuditEvent.INSERT
          + "), here AS ("
          + RepositoryService.HOLD
          + """
          ), stored AS (
            INSERT INTO blob AS b (digest, storage_key, size) SELECT ?, ?, ? FROM here
            ON CONFLICT (digest) DO UPDATE SET
              state = 'live',
              condemned_at = NULL,
              storage_key = CASE WHEN b.state IN ('deleting', 'quarantined')
                THEN excluded.storage_key ELSE b.storage_key END
            RETURNING digest, storage_key, size),
          kept AS (SELECT here.id AS repository_id, stored.* FROM here, stored),
          """
          + LINK;

  /** The row is held by the upsert before, in the same transaction. */
  static final String REPLACE = "UPDATE blob SET storage_key = ?, size = ? WHERE digest = ?";

  /** FOR SHARE: a blob that is being condemned is not mounted, one being mounted not condemned. */
  static final String MOUNT =
      "WITH here AS ("
          + RepositoryService.HOLD
          + """
          ), kept AS (
            SELECT here.id AS repository_id, b.digest, b.storage_key, b.size
            FROM here, repository_blob rb JOIN blob b ON b.digest = rb.digest
            WHERE rb.repository_id = ? AND rb.digest = ? AND b.state = 'live'
            FOR SHARE OF b),
          """
          + LINK;

  static final String HOLDERS =
      """
      SELECT r.name FROM blob_holder h JOIN repository r ON r.id = h.repository_id
      WHERE h.digest = ? AND r.deleted_at IS NULL LIMIT ?
      """;

  static final String LOCK =
      "SELECT 1 FROM repository_blob WHERE repository_id = ? AND digest = ? FOR UPDATE";

  static final String PARENTS =
      """
      SELECT parent FROM manifest_reference
      WHERE repository_id = ? AND child = ? AND NOT child_is_manifest LIMIT ?
      """;

  static final String UNLINK =
      """
      WITH gone AS (
        DELETE FROM repository_blob WHERE repository_id = ? AND digest = ? RETURNING 1),
      outdated AS (INSERT INTO content_change (repository, digest) VALUES (?, ?))
      SELECT size FROM blob WHERE digest = ? AND EXISTS (SELECT FROM gone)
      """;

  /** Of who takes the link and who takes the last of the trash, the second sees both. */
  static final String LOCK_HOLDER =
      "SELECT 1 FROM blob_holder WHERE digest = ? AND repository_id = ? FOR UPDATE";

  /** What the trash may bring back is held without a link. */
  static final String UNHOLD =
      """
      DELETE FROM blob_holder WHERE digest = ? AND repository_id = ? AND NOT EXISTS (
        SELECT FROM trash_reference WHERE repository_id = ? AND child = ?)
      """;

  private final Database database;
  private final RepositoryService repositories;
  private final UsageLedger usage;
  private final ContentEvents events;

  private final Revivals revivals;

  /**
   * A blob's place.
   *
   * @param added whether the statement has added the blob to the repository
   * @param revived how many condemned links it has found there
   */
  private record Linked(BlobLocation location, boolean added, int revived) {}

  public BlobIndex(
      Database database,
      RepositoryService repositories,
      UsageLedger usage,
      ContentEvents events,
      Revivals revivals) {
    this.database = database;
    this.repositories = repositories;
    this.usage = usage;
    this.events = events;
    this.revivals = revivals;
  }

  /**
   * Where a blob of the repository is; empty when the repository does not hold it. A condemned one
   * is revived: from now on the blob stays for the grace time at least.
   *
   * @throws RegistryException NAME_UNKNOWN when there is no such repository
   */
  public Optional<BlobLocation> find(RepositoryName repository, Digest digest) {
    return find(repositories.get(repository), digest);
  }

  private Optional<BlobLocation> find(RepositoryId repository, Digest digest) {
    return database.read(
        connection -> {
          Optional<Found> found = find(connection, repository, digest);
          if (found.isPresent() && found.get().condemned()) {
            // Clean-up may be taking it just now: whoever has the row first wins.
            revivals.links(Sql.update(connection, REVIVE, repository.value(), digest));
            found = find(connection, repository, digest);
          }
          return found.map(Found::location);
        });
  }

  private record Found(BlobLocation location, boolean condemned) {}

  private static Optional<Found> find(Connection connection, RepositoryId repository, Digest digest)
      throws SQLException {
    return Sql.find(
        connection,
        FIND,
        row -> new Found(location(row), row.getBoolean(3)),
        repository.value(),
        digest);
  }

  /**
   * Makes stored bytes a blob of the repository, which comes into being when it is new. When a live
   * blob of the digest is there already, that one is kept, unless its bytes are lost; see {@link
   * Published#redundant()}. Safe when two publish the same digest at once.
   *
   * <p>After the commit the caller publishes {@code ContentEvent.BlobLinked}.
   *
   * @param transaction in which to do it
   * @param pusher who brings the blob
   * @param stored durable bytes whose digest was checked
   * @param isThere whether the store has the bytes of a blob that is there already
   * @throws RegistryException NAME_UNKNOWN when the repository was deleted at this moment
   */
  public Published publish(
      Connection transaction,
      RepositoryName repository,
      Actor pusher,
      Digest digest,
      StoredBlob stored,
      Predicate<BlobLocation> isThere)
      throws SQLException {
    RepositoryId id = repositories.getOrCreate(transaction, repository, pusher);
    Linked linked =
        Sql.find(
                transaction,
                PUBLISH,
                BlobIndex::linked,
                AuditEvent.in(repository.value(), AuditKind.BLOB_PUSH, pusher, null, digest)
                    .argumentsAnd(
                        id.value(),
                        digest,
                        stored.key().value(),
                        stored.size(),
                        id.value(),
                        digest))
            .orElseThrow(() -> repositories.deleted(repository));
    count(transaction, id, linked);
    BlobLocation kept = linked.location();
    if (kept.key().equals(stored.key()) || isThere.test(kept)) {
      return new Published(kept, !kept.key().equals(stored.key()));
    }
    Log.warnf("lost bytes replaced digest=%s lost=%s key=%s", digest, kept.key(), stored.key());
    Sql.update(transaction, REPLACE, stored.key().value(), stored.size(), digest);
    return new Published(new BlobLocation(stored.key(), stored.size()), false);
  }

  /**
   * Makes a blob of one repository visible in another, and tells {@code ContentEvent.BlobLinked}.
   *
   * @param pusher who wants it
   * @param isThere whether the store has the blob's bytes
   * @return empty, and nothing done, when {@code from} does not exist or does not hold the blob, or
   *     its bytes are not there: the client then pushes them
   * @throws RegistryException DENIED with the numbers when a quota has no room for it
   */
  public Optional<BlobLocation> mount(
      RepositoryName to,
      RepositoryName from,
      Actor pusher,
      Digest digest,
      Predicate<BlobLocation> isThere) {
    Optional<RepositoryId> source = repositories.find(from);
    // Asked before: a mount that fails must not make the repository.
    Optional<BlobLocation> there = source.flatMap(id -> find(id, digest)).filter(isThere);
    if (source.isEmpty() || there.isEmpty()) {
      return Optional.empty();
    }
    UUID mount = UUID.randomUUID();
    boolean reserved = usage.reserve(mount, to, there.get().size());
    AuditEvent recorded =
        AuditEvent.in(to.value(), AuditKind.BLOB_MOUNT, pusher, null, digest)
            .with(Map.of("from", from.value()));
    Optional<BlobLocation> mounted = Optional.empty();
    try {
      mounted = mount(mount, to, source.get(), digest, recorded);
    } finally {
      if (reserved && mounted.isEmpty()) {
        usage.release(mount);
      }
    }
    mounted.ifPresent(location -> events.publish(new ContentEvent.BlobLinked(to, digest)));
    return mounted;
  }

  private Optional<BlobLocation> mount(
      UUID mount, RepositoryName to, RepositoryId source, Digest digest, AuditEvent recorded) {
    return database.transact(
        transaction -> {
          RepositoryId target = repositories.getOrCreate(transaction, to, recorded.actor());
          Optional<Linked> linked =
              Sql.find(
                  transaction,
                  MOUNT,
                  BlobIndex::linked,
                  target.value(),
                  source.value(),
                  digest,
                  target.value(),
                  digest);
          if (linked.isPresent()) {
            count(transaction, target, linked.get());
            usage.release(transaction, mount);
            Sql.update(transaction, AuditEvent.INSERT, recorded.arguments());
          }
          return linked.map(Linked::location);
        });
  }

  private void count(Connection transaction, RepositoryId repository, Linked linked)
      throws SQLException {
    revivals.links(linked.revived());
    if (linked.added()) {
      usage.count(transaction, repository, linked.location().size());
    }
  }

  /** Repositories that hold the blob, {@code limit} at most, in no particular order. */
  public List<RepositoryName> listHolders(Digest digest, int limit) {
    return database.read(
        connection ->
            Sql.list(
                connection, HOLDERS, row -> new RepositoryName(row.getString(1)), digest, limit));
  }

  /**
   * Takes a blob out of the repository, and tells {@code ContentEvent.BlobUnlinked}. The bytes stay
   * until they are cleaned up.
   *
   * @throws RegistryException NAME_UNKNOWN, BLOB_UNKNOWN, or UNSUPPORTED naming the manifests of
   *     this repository that reference it
   */
  public void unlink(RepositoryName repository, Digest digest, Actor actor) {
    AuditEvent recorded =
        AuditEvent.in(repository.value(), AuditKind.BLOB_DELETE, actor, null, digest);
    RepositoryId repositoryId = repositories.get(repository);
    long id = repositoryId.value();
    database.transact(
        transaction -> {
          // A push that relies on the blob holds a share of this row until its references are in.
          if (!Sql.exists(transaction, LOCK, id, digest)) {
            throw new RegistryException(
                ErrorCode.BLOB_UNKNOWN,
                ErrorCode.BLOB_UNKNOWN.message(),
                Map.of("digest", digest.toString()));
          }
          refuseIfReferenced(transaction, id, digest);
          long size =
              Sql.find(
                      transaction,
                      UNLINK,
                      row -> row.getLong(1),
                      id,
                      digest,
                      repository.value(),
                      digest,
                      digest)
                  .orElseThrow(() -> new IllegalStateException("a locked blob has gone"));
          usage.count(transaction, repositoryId, -size);
          Sql.exists(transaction, LOCK_HOLDER, digest, id);
          Sql.update(transaction, UNHOLD, digest, id, id, digest);
          return Sql.update(transaction, AuditEvent.INSERT, recorded.arguments());
        });
    events.publish(new ContentEvent.BlobUnlinked(repository, digest));
  }

  private static void refuseIfReferenced(Connection transaction, long repository, Digest digest)
      throws SQLException {
    List<String> parents =
        Sql.list(
            transaction,
            PARENTS,
            row -> Sql.digest(row, 1).toString(),
            repository,
            digest,
            PARENTS_NAMED);
    if (!parents.isEmpty()) {
      throw new RegistryException(
          ErrorCode.UNSUPPORTED,
          "the blob is part of manifest " + parents.getFirst() + ": delete that first",
          Map.of("digest", digest.toString(), "referencedBy", parents),
          Map.of("Allow", "GET, HEAD"));
    }
  }

  private static BlobLocation location(ResultSet row) throws SQLException {
    return new BlobLocation(new StorageKey(row.getString(1)), row.getLong(2));
  }

  private static Linked linked(ResultSet row) throws SQLException {
    return new Linked(location(row), row.getBoolean(3), row.getInt(4));
  }
}
