package dev.entrepot.referrer;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.repository.RepositoryService;
import dev.entrepot.storage.Digest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists what refers to a manifest. */
@Singleton
public class ReferrerService {
  /**
   * A page ends where its annotations would pass a number of bytes; the first row always fits. The
   * lengths are known without reading the texts.
   */
  static final String LIST =
      """
      SELECT digest, media_type, size, artifact_type, annotations, rows
      FROM (
        SELECT digest, media_type, octet_length(content) AS size, artifact_type, annotations,
          count(*) OVER () AS rows,
          coalesce(sum(octet_length(annotations)) OVER (
            ORDER BY digest ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS bytes_before
        FROM (
          SELECT digest, media_type, content, artifact_type, annotations FROM manifest
          WHERE repository_id = ? AND subject = ? AND (?::text IS NULL OR artifact_type = ?)
            AND digest > ?
          ORDER BY digest LIMIT ?) AS page) AS measured
      WHERE bytes_before <= ?
      ORDER BY digest
      """;

  private static final byte[] BEFORE_ALL = {};

  private final Database database;
  private final RepositoryService repositories;
  private final int pageSize;
  private final long pageBytes;

  public ReferrerService(Database database, RepositoryService repositories, EntrepotConfig config) {
    this.database = database;
    this.repositories = repositories;
    this.pageSize = config.listing().referrersPageSize();
    this.pageBytes = config.manifest().maxSize().asLongValue() / 2;
  }

  /**
   * A page of referrers.
   *
   * @param referrers in order of their digests
   * @param more whether others follow
   */
  public record Page(List<Referrer> referrers, boolean more) {}

  /**
   * Manifests of the repository whose subject is {@code subject}, which itself need not be there.
   * An unknown repository has none.
   *
   * @param artifactType only of this type; null for all
   * @param after only digests after this one; null from the start
   */
  public Page list(
      RepositoryName repository,
      Digest subject,
      @Nullable String artifactType,
      @Nullable Digest after) {
    Optional<RepositoryId> id = repositories.find(repository);
    if (id.isEmpty()) {
      return new Page(List.of(), false);
    }
    List<Row> rows =
        database.read(
            connection ->
                Sql.list(
                    connection,
                    LIST,
                    ReferrerService::row,
                    id.get().value(),
                    subject,
                    artifactType,
                    artifactType,
                    after == null ? BEFORE_ALL : after.toBytes(),
                    pageSize + 1,
                    pageBytes));
    List<Referrer> page = rows.stream().limit(pageSize).map(Row::referrer).toList();
    return new Page(page, !rows.isEmpty() && rows.getFirst().available() > page.size());
  }

  private record Row(Referrer referrer, int available) {}

  private static Row row(ResultSet row) throws SQLException {
    Referrer referrer =
        new Referrer(
            row.getString(2),
            Sql.digest(row, 1),
            row.getLong(3),
            row.getString(4),
            row.getString(5));
    return new Row(referrer, row.getInt(6));
  }
}
