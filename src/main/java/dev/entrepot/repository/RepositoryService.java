package dev.entrepot.repository;

import dev.entrepot.cache.GuardedCache;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.ContentChange;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.oci.RepositoryName;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The repositories there are. A repository comes into being with the first content put in it. */
@Singleton
public class RepositoryService implements ContentEvents.Listener {
  /** No setting: some 100,000 ids, and beyond it a request costs one more small query. */
  private static final long KNOWN_IDS_BYTES = 20_000_000;

  private static final int ID_BYTES = 200;

  /**
   * Keeps a repository from being deleted until the transaction ends; no row when it is deleted
   * already. A part of the statements that add to it, which know it by an id from memory.
   */
  public static final String HOLD =
      "SELECT id FROM repository WHERE id = ? AND deleted_at IS NULL FOR KEY SHARE";

  /**
   * A condition on the row {@code r} of a repository. Most are not noted as possibly empty: then
   * its manifests need no look, which at many repositories would be a page from disk for each.
   */
  public static final String HOLDS_A_MANIFEST =
      // A scalar subquery with LIMIT is not turned into a join: it is a probe for each name, so a
      // page costs the same wherever it starts.
      """
      ((SELECT true FROM maybe_empty WHERE repository_id = r.id LIMIT 1) IS NULL
        OR (SELECT true FROM manifest WHERE repository_id = r.id LIMIT 1))
      """;

  private static final String LIST =
      "SELECT r.name FROM repository r WHERE r.name > ? AND r.deleted_at IS NULL AND "
          + HOLDS_A_MANIFEST
          + " ORDER BY r.name LIMIT ?";

  private static final String FIND = "SELECT id FROM repository WHERE name = ?";

  /** With the template of its namespace, where there is one. */
  private static final String CREATE =
      """
      INSERT INTO repository (name, visibility, quota_bytes)
      SELECT made.name, coalesce(n.default_visibility, 'private'), n.default_quota_bytes
      FROM (SELECT ?::text AS name) AS made
      LEFT JOIN namespace n
        ON position('/' IN made.name) > 0 AND n.name = split_part(made.name, '/', 1)
      ON CONFLICT DO NOTHING RETURNING id
      """;

  private final Database database;
  private final Founders founders;

  /**
   * A name's id changes only when the repository is deleted, so it can be kept, and the statements
   * that use it are planned for one partition. Only what was read outside of transactions gets in:
   * it is committed.
   */
  private final GuardedCache<RepositoryName, RepositoryId> ids;

  public RepositoryService(Database database, Founders founders, MeterRegistry metrics) {
    this.database = database;
    this.founders = founders;
    this.ids =
        new GuardedCache<>(
            "repositories",
            KNOWN_IDS_BYTES,
            (name, id) -> ID_BYTES + name.value().length(),
            metrics);
  }

  /** The id of a repository; empty when there is none of that name. Not for use in transactions. */
  public Optional<RepositoryId> find(RepositoryName name) {
    RepositoryId known = ids.peek(name);
    return known != null ? Optional.of(known) : Optional.ofNullable(ids.reload(name, this::read));
  }

  private @Nullable RepositoryId read(RepositoryName name) {
    return database.read(connection -> select(connection, name)).orElse(null);
  }

  /**
   * The id of a repository. Not for use in transactions.
   *
   * @throws RegistryException NAME_UNKNOWN when there is none of that name
   */
  public RepositoryId get(RepositoryName name) {
    return find(name).orElseThrow(() -> unknown(name));
  }

  /** What whoever adds to a repository answers where {@link #HOLD} finds none. */
  public RegistryException deleted(RepositoryName name) {
    ids.invalidate(name);
    return unknown(name);
  }

  private static RegistryException unknown(RepositoryName name) {
    return new RegistryException(
        ErrorCode.NAME_UNKNOWN, ErrorCode.NAME_UNKNOWN.message(), Map.of("name", name.value()));
  }

  @Override
  public void on(ContentEvent event) {
    switch (event) {
      case ContentEvent.RepositoryDeleted(var name) -> ids.invalidate(name);
      case ContentEvent.Outdated(ContentChange.OfRepository(var name)) -> ids.invalidate(name);
      case ContentEvent.OutcomeUnknown() -> ids.invalidateAll();
      default -> {}
    }
  }

  /**
   * The id of a repository, which is made in the transaction when it is new.
   *
   * @param founder who then is its founder
   */
  public RepositoryId getOrCreate(Connection transaction, RepositoryName name, Actor founder)
      throws SQLException {
    RepositoryId known = ids.peek(name);
    if (known != null) {
      return known;
    }
    Optional<RepositoryId> there = select(transaction, name);
    if (there.isEmpty()) {
      there = Sql.find(transaction, CREATE, row -> new RepositoryId(row.getLong(1)), name.value());
      if (there.isPresent()) {
        founders.founded(transaction, name, there.get(), founder);
      }
    }
    if (there.isEmpty()) { // another transaction has made it in between
      there = select(transaction, name);
    }
    return there.orElseThrow(() -> new IllegalStateException("a repository came and went"));
  }

  /**
   * Names in byte order of the repositories that hold a manifest. Those where blobs were pushed and
   * the manifest never came, or all manifests were deleted, are not shown.
   *
   * @param after only names after this text, which need not be a name; null from the start
   * @param limit at most so many
   */
  public List<RepositoryName> list(@Nullable String after, int limit) {
    return database.read(
        connection ->
            Sql.list(
                connection,
                LIST,
                row -> new RepositoryName(row.getString(1)),
                after == null ? "" : after,
                limit));
  }

  private static Optional<RepositoryId> select(Connection connection, RepositoryName name)
      throws SQLException {
    return Sql.find(connection, FIND, row -> new RepositoryId(row.getLong(1)), name.value());
  }
}
