package dev.entrepot.access;

import dev.entrepot.auth.Action;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.RepositoryPattern;
import dev.entrepot.auth.Subject;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.Catalog;
import dev.entrepot.repository.RepositoryService;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lists what an account may read. Each way of being allowed to is a page of its own from an index,
 * and the pages are merged: so what a page costs grows with the account's memberships and grants,
 * and not with what there is that it may not see.
 */
final class VisibleRepositories implements Catalog {
  /** Those with a manifest, after a name, of a pattern: as many as the whole page has. */
  private static final String PAGE =
      " AND r.deleted_at IS NULL AND r.name > ? AND (?::text IS NULL OR r.name ~ ?) AND "
          + RepositoryService.HOLDS_A_MANIFEST
          + " ORDER BY r.name LIMIT ?";

  private static final String PUBLIC =
      "(SELECT r.name FROM repository r WHERE r.visibility = 'public'" + PAGE + ")";

  private static final String INTERNAL =
      "(SELECT r.name FROM repository r WHERE r.visibility = 'internal'" + PAGE + ")";

  private static final String OF_NAMESPACES =
      "(SELECT page.name FROM readable_namespace ns CROSS JOIN LATERAL ("
          + "SELECT r.name FROM repository r WHERE r.namespace = ns.name"
          + PAGE
          + ") page)";

  private static final String GRANTED =
      "(SELECT r.name FROM mine JOIN repository r ON r.id = mine.repository_id WHERE true"
          + PAGE
          + ")";

  private static final String ANONYMOUS = PUBLIC;

  private static final String ADMINISTRATOR = "SELECT r.name FROM repository r WHERE true" + PAGE;

  private static final String USER =
      """
      WITH me AS (SELECT id FROM user_account WHERE id = ? AND disabled_at IS NULL),
      mine AS (
        SELECT namespace_id, repository_id FROM role_grant
        WHERE user_id = (SELECT id FROM me)
          OR team_id IN (SELECT team_id FROM team_member WHERE user_id = (SELECT id FROM me))),
      readable_namespace AS (
        SELECT n.name FROM namespace n JOIN me ON me.id = n.id
        UNION
        SELECT n.name FROM organisation_member m JOIN namespace n ON n.id = m.organisation_id
        WHERE m.user_id = (SELECT id FROM me) AND (m.owner OR n.member_role IS NOT NULL)
        UNION
        SELECT n.name FROM mine JOIN namespace n ON n.id = mine.namespace_id)
      """
          + merged(PUBLIC, INTERNAL, OF_NAMESPACES, GRANTED);

  private static final String ROBOT =
      """
      WITH me AS (
        SELECT id FROM robot WHERE id = ? AND disabled_at IS NULL
          AND (expires_at IS NULL OR expires_at > now())),
      mine AS (
        SELECT namespace_id, repository_id FROM role_grant WHERE robot_id = (SELECT id FROM me)),
      readable_namespace AS (
        SELECT n.name FROM mine JOIN namespace n ON n.id = mine.namespace_id)
      """
          + merged(PUBLIC, OF_NAMESPACES, GRANTED);

  private static String merged(String... pages) {
    return "SELECT DISTINCT name FROM ("
        + String.join(" UNION ALL ", pages)
        + ") p WHERE EXISTS (SELECT 1 FROM me) ORDER BY name LIMIT ?";
  }

  private static final String IS_ADMINISTRATOR =
      "SELECT 1 FROM user_account WHERE id = ? AND administrator AND disabled_at IS NULL";

  private final Database database;

  VisibleRepositories(Database database) {
    this.database = database;
  }

  @Override
  public List<RepositoryName> list(Subject subject, @Nullable String after, int limit) {
    String pattern = null;
    if (subject.limits() instanceof Limits.Scoped(var actions, var patterns)) {
      if (!actions.contains(Action.PULL)) {
        return List.of();
      }
      pattern = regex(patterns);
    }
    List<@Nullable Object> page = new ArrayList<>();
    page.add(after == null ? "" : after);
    page.add(pattern);
    page.add(pattern);
    page.add(limit);
    return database.read(connection -> list(connection, subject, page, limit));
  }

  private static List<RepositoryName> list(
      Connection connection, Subject subject, List<@Nullable Object> page, int limit)
      throws SQLException {
    return switch (subject.kind()) {
      case ANONYMOUS -> names(connection, ANONYMOUS, page);
      case USER ->
          Sql.exists(connection, IS_ADMINISTRATOR, subject.id())
              ? names(connection, ADMINISTRATOR, page)
              : names(connection, USER, arguments(subject, page, 4, limit));
      case ROBOT -> names(connection, ROBOT, arguments(subject, page, 3, limit));
    };
  }

  private static List<@Nullable Object> arguments(
      Subject subject, List<@Nullable Object> page, int pages, int limit) {
    List<@Nullable Object> all = new ArrayList<>();
    all.add(subject.id());
    for (int i = 0; i < pages; i++) {
      all.addAll(page);
    }
    all.add(limit);
    return all;
  }

  private static List<RepositoryName> names(
      Connection connection, String sql, List<@Nullable Object> arguments) throws SQLException {
    return Sql.list(
        connection, sql, row -> new RepositoryName(row.getString(1)), arguments.toArray());
  }

  /** The patterns' characters beside the star mean themselves, but for the dot. */
  static String regex(List<RepositoryPattern> patterns) {
    return patterns.stream()
        .map(RepositoryPattern::text)
        .map(
            text ->
                Pattern.compile("\\*\\*|[*.]").matcher(text).replaceAll(part -> part(part.group())))
        .collect(Collectors.joining("|", "^(", ")$"));
  }

  private static String part(String text) {
    return switch (text) {
      case "**" -> ".*";
      case "*" -> "[^/]*";
      default -> "\\\\.";
    };
  }
}
