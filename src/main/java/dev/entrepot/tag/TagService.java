package dev.entrepot.tag;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.manifest.StoredManifest;
import dev.entrepot.manifest.TagGuard;
import dev.entrepot.manifest.TaggedManifests;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.repository.RepositoryService;
import dev.entrepot.storage.Digest;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds, lists and deletes tags. They are set by pushing a manifest. */
@Singleton
public class TagService implements TaggedManifests {
  static final String FIND = "SELECT digest FROM tag WHERE repository_id = ? AND name = ?";

  static final String FIND_MANIFEST =
      """
      SELECT m.digest, m.media_type, m.content
      FROM tag t JOIN manifest m ON m.repository_id = t.repository_id AND m.digest = t.digest
      WHERE t.repository_id = ? AND t.name = ?
      """;

  static final String LIST =
      "SELECT name FROM tag WHERE repository_id = ? AND name > ? ORDER BY name LIMIT ?";

  private final Database database;
  private final RepositoryService repositories;
  private final TagGuard guard;
  private final ContentEvents events;
  private final boolean hasTrash;

  public TagService(
      Database database,
      RepositoryService repositories,
      TagGuard guard,
      ContentEvents events,
      EntrepotConfig config) {
    this.hasTrash = config.trash().keep().isPositive();
    this.database = database;
    this.repositories = repositories;
    this.guard = guard;
    this.events = events;
  }

  /**
   * What a tag points to; empty when there is no such tag.
   *
   * @throws RegistryException NAME_UNKNOWN when there is no such repository
   */
  public Optional<Digest> find(RepositoryName repository, TagName tag) {
    RepositoryId id = repositories.get(repository);
    return database.read(
        connection ->
            Sql.find(connection, FIND, row -> Sql.digest(row, 1), id.value(), tag.value()));
  }

  /** The manifest that a tag points to, in one round trip; otherwise like {@link #find}. */
  @Override
  public Optional<StoredManifest> findManifest(RepositoryName repository, TagName tag) {
    RepositoryId id = repositories.get(repository);
    return database.read(
        connection ->
            Sql.find(
                connection,
                FIND_MANIFEST,
                row -> new StoredManifest(Sql.digest(row, 1), row.getString(2), row.getBytes(3)),
                id.value(),
                tag.value()));
  }

  /**
   * Tags in byte order. A whole list is read page by page, so that no slow client holds a
   * connection.
   *
   * @param after only tags after this text, which need not be a tag; null from the start
   * @param limit at most so many
   * @throws RegistryException NAME_UNKNOWN when there is no such repository
   */
  public List<TagName> list(RepositoryName repository, @Nullable String after, int limit) {
    RepositoryId id = repositories.get(repository);
    return database.read(
        connection ->
            Sql.list(
                connection,
                LIST,
                row -> new TagName(row.getString(1)),
                id.value(),
                after == null ? "" : after,
                limit));
  }

  /**
   * Deletes a tag; its manifest stays. Tells {@code TagMoved}.
   *
   * @throws RegistryException NAME_UNKNOWN, MANIFEST_UNKNOWN, or DENIED when a rule keeps the tag
   */
  @Override
  public void delete(RepositoryName repository, TagName tag, Actor actor) {
    RepositoryId id = repositories.get(repository);
    List<Digest> from =
        database.transact(
            transaction -> {
              List<Digest> deleted = delete(transaction, id, repository, tag, actor.name());
              if (!deleted.isEmpty()) {
                record(transaction, repository, tag, deleted.getFirst(), actor);
              }
              return deleted;
            });
    if (from.isEmpty()) {
      throw new RegistryException(
          ErrorCode.MANIFEST_UNKNOWN,
          ErrorCode.MANIFEST_UNKNOWN.message(),
          Map.of("tag", tag.value()));
    }
    events.publish(new ContentEvent.TagMoved(repository, tag, from.getFirst(), null));
  }

  private static void record(
      Connection transaction, RepositoryName repository, TagName tag, Digest from, Actor actor)
      throws SQLException {
    AuditEvent event =
        AuditEvent.in(repository.value(), AuditKind.TAG_DELETE, actor, tag.value(), from);
    Sql.update(transaction, AuditEvent.INSERT, event.arguments());
  }

  /** What the tag pointed to; empty when there was none. A refusal rolls the deletion back. */
  private List<Digest> delete(
      Connection transaction,
      RepositoryId repository,
      RepositoryName name,
      TagName tag,
      String actor)
      throws SQLException {
    List<Digest> from =
        TagRows.delete(transaction, repository, name, List.of(tag), actor, hasTrash);
    if (!from.isEmpty()) {
      guard.check(transaction, repository, List.of(tag));
    }
    return from;
  }
}
