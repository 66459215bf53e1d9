package dev.entrepot.tagrule;

import dev.entrepot.database.Sql;
import dev.entrepot.repository.RepositoryId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The table {@code tag_rule}. */
final class TagRuleRows {
  /** Shared by those who move tags in a namespace; who makes a rule there has it alone. */
  static final String LOCK_SHARED =
      """
      SELECT pg_advisory_xact_lock_shared(hashtextextended('tags:' || coalesce(namespace, name), 0))
      FROM repository WHERE id = ?
      """;

  static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('tags:' || ?, 0))";

  private static final String COLUMNS =
      """
      SELECT rule.id, rule.pattern, rule.created_at, r.name, n.name FROM tag_rule rule
      LEFT JOIN repository r ON r.id = rule.repository_id
      LEFT JOIN namespace n ON n.id = rule.namespace_id
      """;

  static final String OF_REPOSITORY =
      COLUMNS
          + """
          WHERE rule.repository_id = ? OR rule.namespace_id = (
            SELECT own.id FROM namespace own
            JOIN repository held ON held.namespace = own.name WHERE held.id = ?)
          ORDER BY rule.id
          """;

  private static final String FIND = COLUMNS + " WHERE rule.%s_id = ? AND rule.id = ?";

  private static final String LIST =
      COLUMNS + " WHERE rule.%s_id = ? AND rule.id > ? ORDER BY rule.id LIMIT ?";

  private static final String INSERT =
      """
      INSERT INTO tag_rule (%1$s_id, pattern) VALUES (?, ?)
      ON CONFLICT (namespace_id, repository_id, pattern) DO NOTHING RETURNING id, created_at
      """;

  private TagRuleRows() {}

  static void lockShared(Connection transaction, RepositoryId repository) throws SQLException {
    Sql.find(transaction, LOCK_SHARED, row -> true, repository.value());
  }

  /** Waits until nobody moves tags in the owner's namespace, and keeps them from it. */
  static void lock(Connection transaction, TagRule.Owner owner) throws SQLException {
    Sql.find(transaction, LOCK, row -> true, owner.name().split("/", 2)[0]);
  }

  /** All rules that hold in a repository. */
  static List<TagRule> listOf(Connection connection, RepositoryId repository) throws SQLException {
    return Sql.list(
        connection, OF_REPOSITORY, TagRuleRows::rule, repository.value(), repository.value());
  }

  /** What the owner's rules have as its id; empty when there is no such owner. */
  static Optional<Long> ownerId(Connection connection, TagRule.Owner owner) throws SQLException {
    String sql =
        switch (owner.kind()) {
          case REPOSITORY -> "SELECT id FROM repository WHERE name = ?";
          case NAMESPACE -> "SELECT id FROM namespace WHERE name = ?";
        };
    return Sql.find(connection, sql, row -> row.getLong(1), owner.name());
  }

  /** A rule that is set on the owner. */
  static Optional<TagRule> find(Connection connection, TagRule.Kind kind, long owner, long id)
      throws SQLException {
    return Sql.find(connection, FIND.formatted(table(kind)), TagRuleRows::rule, owner, id);
  }

  /** Rules that are set on the owner, by id. */
  static List<TagRule> list(
      Connection connection, TagRule.Kind kind, long owner, long after, int limit)
      throws SQLException {
    return Sql.list(
        connection, LIST.formatted(table(kind)), TagRuleRows::rule, owner, after, limit);
  }

  static int count(Connection connection, TagRule.Kind kind, long owner) throws SQLException {
    String sql = "SELECT count(*) FROM tag_rule WHERE %s_id = ?".formatted(table(kind));
    return Sql.find(connection, sql, row -> row.getInt(1), owner).orElseThrow();
  }

  /** Adds a rule; empty when there is one of that pattern. */
  static Optional<TagRule> insert(
      Connection transaction, TagRule.Owner owner, long ownerId, TagPattern pattern)
      throws SQLException {
    return Sql.find(
        transaction,
        INSERT.formatted(table(owner.kind())),
        row ->
            new TagRule(
                row.getLong(1), pattern, owner, row.getObject(2, OffsetDateTime.class).toInstant()),
        ownerId,
        pattern.text());
  }

  static void delete(Connection connection, long id) throws SQLException {
    Sql.update(connection, "DELETE FROM tag_rule WHERE id = ?", id);
  }

  private static String table(TagRule.Kind kind) {
    return switch (kind) {
      case REPOSITORY -> "repository";
      case NAMESPACE -> "namespace";
    };
  }

  private static TagRule rule(ResultSet row) throws SQLException {
    String repository = row.getString(4);
    return new TagRule(
        row.getLong(1),
        new TagPattern(row.getString(2)),
        repository != null
            ? new TagRule.Owner(TagRule.Kind.REPOSITORY, repository)
            : new TagRule.Owner(TagRule.Kind.NAMESPACE, row.getString(5)),
        row.getObject(3, OffsetDateTime.class).toInstant());
  }
}
