package dev.entrepot.quota;

import dev.entrepot.database.Sql;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.RepositoryId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements on usage and quotas. */
final class UsageRows {
  private static final long FOLD_LOCK = 0x75736167655f666fL; // any number that nobody else locks

  static final String COUNT = "INSERT INTO usage_delta (repository_id, bytes) VALUES (?, ?)";

  /** Of a repository that is still to be made, the one that it is going to have. */
  static final String LIMITS =
      """
      SELECT r.id, CASE WHEN r.id IS NULL THEN n.default_quota_bytes ELSE r.quota_bytes END,
        n.quota_bytes
      FROM (SELECT 1) AS asked
      LEFT JOIN repository r ON r.name = ? LEFT JOIN namespace n ON n.name = ?
      """;

  private static final String USED_BY_REPOSITORY =
      """
      (SELECT coalesce(sum(bytes), 0) FROM (
        SELECT bytes FROM repository_usage WHERE repository_id = ?
        UNION ALL SELECT bytes FROM usage_delta WHERE repository_id = ?) AS parts)
      """;

  static final String USED_BY_NAMESPACE =
      """
      (SELECT coalesce(sum(
        coalesce((SELECT bytes FROM repository_usage u WHERE u.repository_id = r.id), 0)
        + coalesce((SELECT sum(bytes) FROM usage_delta d WHERE d.repository_id = r.id), 0)), 0)
      FROM repository r WHERE r.namespace = ? AND r.deleted_at IS NULL)
      """;

  /**
   * One statement, so one snapshot: folding moves bytes from one table to another, and an upload
   * that ends from its reservation to those.
   */
  static final String THERE =
      """
      SELECT reserved.by_upload, reserved.in_repository, reserved.in_namespace,
        CASE WHEN ? THEN %s ELSE 0 END, CASE WHEN ? THEN %s ELSE 0 END
      FROM (
        SELECT coalesce(sum(bytes) FILTER (WHERE upload_id = ?), 0) AS by_upload,
          coalesce(sum(bytes) FILTER (WHERE repository = ?), 0) AS in_repository,
          coalesce(sum(bytes), 0) AS in_namespace
        FROM usage_reservation WHERE namespace = ? AND expires_at > now()) AS reserved
      """
          .formatted(USED_BY_REPOSITORY, USED_BY_NAMESPACE);

  static final String RESERVE =
      """
      INSERT INTO usage_reservation (upload_id, namespace, repository, bytes, expires_at)
      VALUES (?, ?, ?, ?, now() + ? * interval '1 millisecond')
      ON CONFLICT (upload_id) DO UPDATE SET bytes = excluded.bytes, expires_at = excluded.expires_at
      """;

  static final String RELEASE = "DELETE FROM usage_reservation WHERE upload_id = ?";

  /** One statement takes the rows and adds them up: whoever takes a row is who counts it. */
  static final String FOLD =
      """
      WITH taken AS (
        DELETE FROM usage_delta WHERE (repository_id, id) IN (
          SELECT repository_id, id FROM usage_delta ORDER BY repository_id, id LIMIT ?)
        RETURNING repository_id, bytes),
      folded AS (
        INSERT INTO repository_usage AS u (repository_id, bytes)
        SELECT repository_id, sum(bytes) FROM taken GROUP BY repository_id ORDER BY repository_id
        ON CONFLICT (repository_id) DO UPDATE SET bytes = u.bytes + excluded.bytes)
      SELECT count(*) FROM taken
      """;

  /** The limits that are set on a name, and the repository's id if it is there. */
  record Limits(
      @Nullable RepositoryId id, @Nullable Long ofRepository, @Nullable Long ofNamespace) {
    boolean exist() {
      return ofRepository != null || ofNamespace != null;
    }
  }

  private UsageRows() {}

  /** The first component of a name of several; a name of one is by itself. */
  static String namespace(RepositoryName repository) {
    return Objects.requireNonNullElse(RepositoryName.namespaceOf(repository.value()), "");
  }

  static void count(Connection transaction, RepositoryId repository, long bytes)
      throws SQLException {
    Sql.update(transaction, COUNT, repository.value(), bytes);
  }

  static Limits limits(Connection connection, RepositoryName repository) throws SQLException {
    return Sql.find(
            connection,
            LIMITS,
            row -> {
              Long id = number(row, 1);
              return new Limits(
                  id == null ? null : new RepositoryId(id), number(row, 2), number(row, 3));
            },
            repository.value(),
            namespace(repository))
        .orElseThrow();
  }

  /** Makes those who reserve in a namespace come one after the other until they commit. */
  static void lock(Connection transaction, RepositoryName repository) throws SQLException {
    String scope = namespace(repository);
    Sql.find(
        transaction,
        "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))",
        row -> true,
        "quota:" + (scope.isEmpty() ? repository.value() : scope));
  }

  /**
   * What is there of the quotas of a repository and its namespace.
   *
   * @param byUpload what is reserved for the upload; the scopes' reservations have it, too
   */
  record There(long byUpload, List<Scope> scopes) {}

  static There there(Connection connection, RepositoryName repository, Limits limits, UUID upload)
      throws SQLException {
    long id = limits.id() == null ? 0 : limits.id().value();
    String namespace = namespace(repository);
    return Sql.find(
            connection,
            THERE,
            row -> {
              List<Scope> scopes = new ArrayList<>();
              if (limits.ofRepository() != null) {
                scopes.add(
                    new Scope(
                        "repository",
                        repository.value(),
                        limits.ofRepository(),
                        row.getLong(4),
                        row.getLong(2)));
              }
              if (limits.ofNamespace() != null) {
                scopes.add(
                    new Scope(
                        "namespace",
                        namespace,
                        limits.ofNamespace(),
                        row.getLong(5),
                        row.getLong(3)));
              }
              return new There(row.getLong(1), scopes);
            },
            limits.ofRepository() != null,
            id,
            id,
            limits.ofNamespace() != null,
            namespace,
            upload,
            repository.value(),
            namespace)
        .orElseThrow();
  }

  static long usedBy(Connection connection, RepositoryId repository) throws SQLException {
    long id = repository.value();
    return Sql.find(connection, "SELECT " + USED_BY_REPOSITORY, row -> row.getLong(1), id, id)
        .orElseThrow();
  }

  static long usedBy(Connection connection, String namespace) throws SQLException {
    return Sql.find(connection, "SELECT " + USED_BY_NAMESPACE, row -> row.getLong(1), namespace)
        .orElseThrow();
  }

  static void reserve(
      Connection transaction, UUID upload, RepositoryName repository, long bytes, Duration life)
      throws SQLException {
    Sql.update(
        transaction,
        RESERVE,
        upload,
        namespace(repository),
        repository.value(),
        bytes,
        life.toMillis());
  }

  static void release(Connection connection, UUID upload) throws SQLException {
    Sql.update(connection, RELEASE, upload);
  }

  /** Adds up some of what came and went; how many rows. None while another server does it. */
  static int fold(Connection transaction, int limit) throws SQLException {
    Optional<Boolean> mine =
        Sql.find(
            transaction,
            "SELECT pg_try_advisory_xact_lock(?)",
            row -> row.getBoolean(1),
            FOLD_LOCK);
    return mine.orElseThrow()
        ? Sql.find(transaction, FOLD, row -> row.getInt(1), limit).orElseThrow()
        : 0;
  }

  /** Drops reservations of uploads that nobody went on with. */
  static int dropExpired(Connection connection) throws SQLException {
    return Sql.update(connection, "DELETE FROM usage_reservation WHERE expires_at <= now()");
  }

  static @Nullable Long number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
