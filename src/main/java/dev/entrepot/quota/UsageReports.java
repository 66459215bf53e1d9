package dev.entrepot.quota;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells how much there is of what may be there, and limits what users may have. */
@Singleton
class UsageReports {
  private static final String REPOSITORIES =
      """
      SELECT r.name, r.quota_bytes,
        coalesce((SELECT bytes FROM repository_usage u WHERE u.repository_id = r.id), 0)
        + coalesce((SELECT sum(bytes) FROM usage_delta d WHERE d.repository_id = r.id), 0),
        (SELECT coalesce(sum(bytes), 0) FROM usage_reservation v
         WHERE v.namespace = coalesce(r.namespace, '') AND v.repository = r.name
           AND v.expires_at > now())
      FROM repository r
      """;

  private static final String REPOSITORY = REPOSITORIES + " WHERE r.name = ?";

  private static final String OF_NAMESPACE =
      REPOSITORIES
          + " WHERE r.namespace = ? AND r.deleted_at IS NULL AND r.name > ? ORDER BY r.name LIMIT ?";

  private static final String NAMESPACE =
      """
      SELECT n.name, n.quota_bytes, %s,
        (SELECT coalesce(sum(bytes), 0) FROM usage_reservation v
         WHERE v.namespace = n.name AND v.expires_at > now())
      FROM namespace n WHERE n.name = ? AND n.kind = ?
      """
          .formatted(UsageRows.USED_BY_NAMESPACE);

  private static final String SET_QUOTA =
      "UPDATE namespace SET quota_bytes = ? WHERE name = ? AND kind = 'user'";

  /** Whose name a namespace has. */
  enum Kind {
    USER,
    ORGANISATION;

    private String text() {
      return this == USER ? "user" : "organisation";
    }
  }

  private final Database database;

  UsageReports(Database database) {
    this.database = database;
  }

  /**
   * Of one repository.
   *
   * @throws ProblemException NOT_FOUND
   */
  UsageReport ofRepository(String name) {
    String canonical = RepositoryName.tryParse(name).map(RepositoryName::value).orElse(name);
    return database
        .read(connection -> Sql.find(connection, REPOSITORY, UsageReports::report, canonical))
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such repository"));
  }

  /**
   * Of all repositories of a user or an organisation together.
   *
   * @throws ProblemException NOT_FOUND
   */
  UsageReport of(Kind kind, String name) {
    return database
        .read(
            connection ->
                Sql.find(connection, NAMESPACE, UsageReports::report, name, name, kind.text()))
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such " + kind.text()));
  }

  /**
   * Of each repository of a user or an organisation, in the order of their names.
   *
   * @throws ProblemException NOT_FOUND
   */
  List<UsageReport> list(Kind kind, String name, String after, int limit) {
    of(kind, name);
    return database.read(
        connection -> Sql.list(connection, OF_NAMESPACE, UsageReports::report, name, after, limit));
  }

  /**
   * Limits all repositories of a user together.
   *
   * @param bytes null is no limit
   * @throws ProblemException NOT_FOUND
   */
  UsageReport limitUser(String name, @Nullable Long bytes, Actor actor) {
    AuditEvent event =
        AuditEvent.of(AuditKind.USER_QUOTA, actor, name)
            .with(Map.of("bytes", String.valueOf(bytes)));
    database.transact(
        transaction ->
            Sql.update(transaction, SET_QUOTA, bytes, name) > 0
                && Sql.update(transaction, AuditEvent.INSERT, event.arguments()) > 0);
    return of(Kind.USER, name);
  }

  private static UsageReport report(ResultSet row) throws SQLException {
    return new UsageReport(
        row.getString(1), UsageRows.number(row, 2), row.getLong(3), row.getLong(4));
  }
}
