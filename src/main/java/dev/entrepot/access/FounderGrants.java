package dev.entrepot.access;

import dev.entrepot.auth.Role;
import dev.entrepot.auth.Subject;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.Founders;
import dev.entrepot.repository.RepositoryId;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * Makes users administrators of the repositories they found, unless they are that already. A robot
 * founds by a role in the whole namespace, which reaches the new repository as well.
 *
 * <p>No change of access is recorded: of what is not there nothing is remembered, and whoever looks
 * after the commit finds the role with the repository.
 */
@Singleton
public class FounderGrants implements Founders {
  private static final String GRANT =
      """
      INSERT INTO role_grant (repository_id, user_id, role)
      SELECT r.id, u.id, 'admin'
      FROM repository r JOIN user_account u ON u.id = ? LEFT JOIN namespace n ON n.name = r.namespace
      WHERE r.id = ? AND NOT u.administrator AND n.id IS DISTINCT FROM u.id AND NOT EXISTS (
        SELECT FROM organisation_member m
        WHERE m.organisation_id = n.id AND m.user_id = u.id AND m.owner)
      """;

  @Override
  public void founded(
      Connection transaction, RepositoryName name, RepositoryId repository, Actor founder)
      throws SQLException {
    Subject user = founder.subject();
    if (user.kind() == Subject.Kind.USER
        && Sql.update(transaction, GRANT, user.id(), repository.value()) > 0) {
      AuditEvent event =
          AuditEvent.in(name.value(), AuditKind.GRANT_PUT, founder, "user:" + user.name(), null)
              .with(Map.of("role", Role.ADMIN.text(), "founder", "true"));
      Sql.update(transaction, AuditEvent.INSERT, event.arguments());
    }
  }
}
