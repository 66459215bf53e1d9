package dev.entrepot.access;

import dev.entrepot.auth.Rights;
import dev.entrepot.auth.Role;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.Visibility;
import dev.entrepot.database.Sql;
import dev.entrepot.oci.RepositoryName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import org.jspecify.annotations.Nullable;

/** The statements that tell where an account stands towards a repository: one for each kind. */
final class StandingRows {
  private static final String ANONYMOUS = "SELECT visibility FROM repository WHERE name = ?";

  private static final String USER =
      """
      WITH asked AS (SELECT ?::bigint AS account, ?::text AS repository, ?::text AS namespace),
      me AS (
        SELECT id, administrator FROM user_account
        WHERE id = (SELECT account FROM asked) AND disabled_at IS NULL),
      repo AS (
        SELECT id, visibility FROM repository WHERE name = (SELECT repository FROM asked)),
      ns AS (
        SELECT id, member_role, members_create FROM namespace
        WHERE name = (SELECT namespace FROM asked)),
      member AS (
        SELECT owner FROM organisation_member
        WHERE organisation_id = (SELECT id FROM ns) AND user_id = (SELECT id FROM me)),
      granted AS (
        SELECT role, namespace_id IS NOT NULL AS everywhere FROM role_grant
        WHERE (namespace_id = (SELECT id FROM ns) OR repository_id = (SELECT id FROM repo))
          AND (user_id = (SELECT id FROM me)
            OR team_id IN (SELECT team_id FROM team_member WHERE user_id = (SELECT id FROM me))))
      SELECT (SELECT administrator FROM me), (SELECT visibility FROM repo),
        EXISTS (SELECT 1 FROM ns JOIN me USING (id)), (SELECT owner FROM member),
        (SELECT member_role FROM ns), (SELECT members_create FROM ns),
        ARRAY(SELECT role FROM granted), ARRAY(SELECT role FROM granted WHERE everywhere)
      """;

  private static final String ROBOT =
      """
      WITH asked AS (SELECT ?::bigint AS account, ?::text AS repository, ?::text AS namespace),
      me AS (
        SELECT id, expires_at FROM robot
        WHERE id = (SELECT account FROM asked) AND disabled_at IS NULL
          AND (expires_at IS NULL OR expires_at > now())),
      repo AS (
        SELECT id, visibility FROM repository WHERE name = (SELECT repository FROM asked)),
      ns AS (SELECT id FROM namespace WHERE name = (SELECT namespace FROM asked)),
      granted AS (
        SELECT role, namespace_id IS NOT NULL AS everywhere FROM role_grant
        WHERE (namespace_id = (SELECT id FROM ns) OR repository_id = (SELECT id FROM repo))
          AND robot_id = (SELECT id FROM me))
      SELECT EXISTS (SELECT 1 FROM me), (SELECT expires_at FROM me), (SELECT visibility FROM repo),
        ARRAY(SELECT role FROM granted), ARRAY(SELECT role FROM granted WHERE everywhere)
      """;

  private StandingRows() {}

  /**
   * Where the account stands.
   *
   * @param topLevel whether users may make repositories without a namespace
   */
  static Standing read(
      Connection connection, Subject.Kind kind, long account, String repository, boolean topLevel)
      throws SQLException {
    String namespace = RepositoryName.namespaceOf(repository);
    return switch (kind) {
      case ANONYMOUS ->
          Standing.of(
              Rights.Identity.ANONYMOUS,
              null,
              Sql.find(connection, ANONYMOUS, row -> row.getString(1), repository)
                  .flatMap(Visibility::find)
                  .orElse(null),
              false,
              Long.MAX_VALUE);
      case USER ->
          Sql.find(
                  connection,
                  USER,
                  row -> user(row, namespace == null && topLevel),
                  account,
                  repository,
                  namespace)
              .orElseThrow();
      case ROBOT ->
          Sql.find(connection, ROBOT, StandingRows::robot, account, repository, namespace)
              .orElseThrow();
    };
  }

  private static Standing user(ResultSet row, boolean mayCreateHere) throws SQLException {
    boolean administrator = row.getBoolean(1);
    boolean gone = row.wasNull();
    Visibility visibility = visibility(row, 2);
    if (gone) {
      return Standing.none(visibility);
    }
    boolean own = row.getBoolean(3);
    boolean owner = row.getBoolean(4);
    boolean member = !row.wasNull();
    String memberRole = row.getString(5);
    boolean membersCreate = row.getBoolean(6);
    Role granted = greatest(row.getArray(7));
    Role everywhere = greatest(row.getArray(8));
    Role byMembership =
        own || owner
            ? Role.ADMIN
            : member && memberRole != null ? Role.find(memberRole).orElseThrow() : null;
    return Standing.of(
        administrator ? Rights.Identity.ADMINISTRATOR : Rights.Identity.USER,
        Role.greater(granted, byMembership),
        visibility,
        mayCreateHere || own || owner || member && membersCreate || writes(everywhere),
        Long.MAX_VALUE);
  }

  private static Standing robot(ResultSet row) throws SQLException {
    boolean active = row.getBoolean(1);
    Timestamp expires = row.getTimestamp(2);
    Visibility visibility = visibility(row, 3);
    if (!active) {
      return Standing.none(visibility);
    }
    return Standing.of(
        Rights.Identity.ROBOT,
        greatest(row.getArray(4)),
        visibility,
        writes(greatest(row.getArray(5))),
        expires == null ? Long.MAX_VALUE : expires.getTime());
  }

  private static boolean writes(@Nullable Role role) {
    return role != null && role.compareTo(Role.WRITE) >= 0;
  }

  private static @Nullable Visibility visibility(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    return text == null ? null : Visibility.find(text).orElseThrow();
  }

  private static @Nullable Role greatest(Array roles) throws SQLException {
    Role greatest = null;
    for (Object role : (Object[]) roles.getArray()) {
      greatest = Role.greater(greatest, Role.find(String.valueOf(role)).orElseThrow());
    }
    return greatest;
  }
}
