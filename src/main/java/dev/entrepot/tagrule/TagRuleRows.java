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

  static final String LIST =
      COLUMNS + " WHERE %s.name = ? AND rule.id > ? ORDER BY rule.id LIMIT ?";

  static final String INSERT =
      "INSERT INTO tag_rule (%1$s_id, pattern) SELECT id, ? FROM %1$s WHERE name = ? RETURNING id";

  static final String DELETE =
      "DELETE FROM tag_rule WHERE id = ? AND %1$s_id = (SELECT id FROM %1$s WHERE name = ?)";

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

  /** Rules that are set on the owner, by id. */
  static List<TagRule> list(Connection connection, TagRule.Owner owner, long after, int limit)
      throws SQLException {
    String alias = owner.kind() == TagRule.Kind.REPOSITORY ? "r" : "n";
    return Sql.list(
        connection, LIST.formatted(alias), TagRuleRows::rule, owner.name(), after, limit);
  }

  /** Adds a rule; its id, empty when there is no such owner. */
  static Optional<Long> insert(Connection transaction, TagRule.Owner owner, TagPattern pattern)
      throws SQLException {
    return Sql.find(
        transaction,
        INSERT.formatted(table(owner)),
        row -> row.getLong(1),
        pattern.text(),
        owner.name());
  }

  /** Removes a rule of the owner's; false when there is none. */
  static boolean delete(Connection connection, TagRule.Owner owner, long id) throws SQLException {
    return Sql.update(connection, DELETE.formatted(table(owner)), id, owner.name()) > 0;
  }

  private static String table(TagRule.Owner owner) {
    return switch (owner.kind()) {
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
