package dev.entrepot.tag;

import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.manifest.ManifestDeletion;
import dev.entrepot.manifest.ManifestPush;
import dev.entrepot.manifest.TagGuard;
import dev.entrepot.manifest.TagPointers;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.storage.Digest;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Moves tags, each move with its row of history. */
@Singleton
class TagRows implements TagPointers {
  /**
   * Creates the tags that are not there and locks those that are, in ascending order: the condition
   * leaves a row as it is, but locked. The order, and that each row is either made or locked when
   * its turn comes, is what keeps pushes of several tags from blocking each other.
   */
  static final String CREATE_OR_LOCK =
      """
      WITH written AS (
        INSERT INTO tag (repository_id, name, digest)
        SELECT ?, name, ? FROM unnest(?) AS given (name) ORDER BY name COLLATE "C"
        ON CONFLICT (repository_id, name) DO UPDATE SET updated_at = now() WHERE false
        RETURNING repository_id, name, digest)
      INSERT INTO tag_history (repository_id, tag, actor, to_digest)
      SELECT repository_id, name, ?, digest FROM written
      RETURNING tag
      """;

  static final String READ =
      "SELECT name, digest FROM tag WHERE repository_id = ? AND name = ANY (?)";

  static final String MOVE =
      """
      WITH written AS (
        UPDATE tag SET digest = ?, updated_at = now()
        FROM unnest(?, ?) AS given (name, from_digest)
        WHERE tag.repository_id = ? AND tag.name = given.name AND tag.digest = given.from_digest
        RETURNING tag.repository_id, tag.name, tag.digest, given.from_digest),
      outdated AS (INSERT INTO content_change (repository, tag) SELECT ?, name FROM written)
      INSERT INTO tag_history (repository_id, tag, actor, from_digest, to_digest)
      SELECT repository_id, name, ?, from_digest, digest FROM written
      """;

  static final String LOCK_OF_MANIFEST =
      """
      SELECT name FROM tag WHERE repository_id = ? AND digest = ?
      ORDER BY name FOR UPDATE
      """;

  /** To the trash, where they do not go there with their manifest. */
  static final String DELETE =
      """
      WITH gone AS (
        DELETE FROM tag WHERE repository_id = ? AND name = ANY (?)
        RETURNING repository_id, name, digest),
      outdated AS (INSERT INTO content_change (repository, tag) SELECT ?, name FROM gone),
      kept AS (
        INSERT INTO trash (repository_id, deleted_by, digest, tags)
        SELECT repository_id, ?, digest, ARRAY[name] FROM gone WHERE ?)
      INSERT INTO tag_history (repository_id, tag, actor, from_digest)
      SELECT repository_id, name, ?, digest FROM gone
      RETURNING from_digest
      """;

  private final TagGuard guard;

  TagRows(TagGuard guard) {
    this.guard = guard;
  }

  @Override
  public List<ContentEvent.TagMoved> point(
      Connection transaction, RepositoryId repository, ManifestPush push, Digest to)
      throws SQLException {
    Set<TagName> given = new LinkedHashSet<>(push.tags());
    List<ContentEvent.TagMoved> moves = new ArrayList<>();
    for (TagName created : createOrLock(transaction, repository, given, push, to)) {
      push.precondition().check(created, null);
      moves.add(new ContentEvent.TagMoved(push.repository(), created, null, to));
      given.remove(created);
    }
    Map<TagName, Digest> from = read(transaction, repository, given);
    from.forEach(push.precondition()::check);
    from.values().removeIf(to::equals);
    refuseUnlessMayRetag(push, from.keySet());
    if (!from.isEmpty()) {
      guard.check(transaction, repository, from.keySet());
    }
    move(transaction, repository, from, push, to);
    from.forEach(
        (tag, old) -> moves.add(new ContentEvent.TagMoved(push.repository(), tag, old, to)));
    return moves;
  }

  private static void refuseUnlessMayRetag(ManifestPush push, Set<TagName> moving) {
    if (!push.mayRetag() && !moving.isEmpty()) {
      throw new RegistryException(
          ErrorCode.DENIED,
          "the tag points elsewhere, and moving it is not allowed",
          Map.of("tag", moving.iterator().next().value()));
    }
  }

  @Override
  public List<ContentEvent.TagMoved> drop(
      Connection transaction, RepositoryId repository, ManifestDeletion deletion)
      throws SQLException {
    List<TagName> tags =
        Sql.list(
            transaction,
            LOCK_OF_MANIFEST,
            row -> new TagName(row.getString(1)),
            repository.value(),
            deletion.digest());
    if (!tags.isEmpty()) {
      guard.check(transaction, repository, tags);
      String actor = deletion.actor().name();
      delete(transaction, repository, deletion.repository(), tags, actor, false);
    }
    return tags.stream()
        .map(tag -> new ContentEvent.TagMoved(deletion.repository(), tag, deletion.digest(), null))
        .toList();
  }

  /** Deletes tags; returns what they pointed to. */
  static List<Digest> delete(
      Connection connection,
      RepositoryId repository,
      RepositoryName name,
      Collection<TagName> tags,
      String actor,
      boolean toTrash)
      throws SQLException {
    return Sql.list(
        connection,
        DELETE,
        row -> Sql.digest(row, 1),
        repository.value(),
        Sql.texts(tags),
        name.value(),
        actor,
        toTrash,
        actor);
  }

  private static List<TagName> createOrLock(
      Connection transaction,
      RepositoryId repository,
      Set<TagName> tags,
      ManifestPush push,
      Digest to)
      throws SQLException {
    return Sql.list(
        transaction,
        CREATE_OR_LOCK,
        row -> new TagName(row.getString(1)),
        repository.value(),
        to,
        Sql.texts(tags),
        push.pusher().name());
  }

  private static Map<TagName, Digest> read(
      Connection transaction, RepositoryId repository, Set<TagName> tags) throws SQLException {
    Map<TagName, Digest> found = new TreeMap<>();
    if (!tags.isEmpty()) {
      Sql.list(
              transaction,
              READ,
              row -> Map.entry(new TagName(row.getString(1)), Sql.digest(row, 2)),
              repository.value(),
              Sql.texts(tags))
          .forEach(tag -> found.put(tag.getKey(), tag.getValue()));
    }
    return found;
  }

  private static void move(
      Connection transaction,
      RepositoryId repository,
      Map<TagName, Digest> from,
      ManifestPush push,
      Digest to)
      throws SQLException {
    if (from.isEmpty()) {
      return;
    }
    int moved =
        Sql.update(
            transaction,
            MOVE,
            to,
            Sql.texts(from.keySet()),
            Sql.digests(from.values()),
            repository.value(),
            push.repository().value(),
            push.pusher().name());
    if (moved != from.size()) {
      throw new IllegalStateException("a locked tag was moved by somebody else");
    }
    for (Map.Entry<TagName, Digest> tag : from.entrySet()) {
      AuditEvent event =
          AuditEvent.in(
              push.repository().value(),
              AuditKind.TAG_MOVE,
              push.pusher(),
              tag.getKey().value(),
              to);
      Sql.update(
          transaction,
          AuditEvent.INSERT,
          event.with(Map.of("from", tag.getValue().toString())).arguments());
    }
  }
}
