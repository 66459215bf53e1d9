package dev.entrepot.trash;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.auth.Subject;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.ManagementRights;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Deletes repositories and restores them. A deleted one keeps all it has and gives up its name, so
 * that nothing finds it by that; whoever is to have it back gives it the name again.
 */
@Singleton
public class RepositoryTrash {
  /** Waits for pushes that are under way; those that come later find it deleted. */
  private static final String DELETE =
      """
      UPDATE repository SET
        name = coalesce(namespace || '/', '') || '~' || id,
        deleted_name = CASE WHEN ? > 0 THEN name END,
        deleted_at = now(), deleted_by = ?
      WHERE name = ?
      """;

  private static final String OUTDATED = "INSERT INTO content_change (repository) VALUES (?)";

  private static final String FIND =
      """
      SELECT id, deleted_name, deleted_at, deleted_by,
        deleted_at + ? * interval '1 millisecond'
      FROM repository
      WHERE deleted_name IS NOT NULL AND deleted_at > now() - ? * interval '1 millisecond'
        AND (? OR namespace IN (
          SELECT n.name FROM namespace n
          WHERE n.id = ? OR EXISTS (
            SELECT FROM organisation_member m
            WHERE m.organisation_id = n.id AND m.user_id = ? AND m.owner)))
      """;

  private static final String LIST = FIND + " AND id > ? ORDER BY id LIMIT ?";

  private static final String LOCK = FIND + " AND id = ? FOR UPDATE";

  private static final String RESTORE =
      """
      UPDATE repository SET
        name = deleted_name, deleted_name = NULL, deleted_at = NULL, deleted_by = NULL
      WHERE id = ?
      """;

  private final Database database;
  private final AccessChanges changes;
  private final ManagementRights rights;
  private final long keepMillis;

  RepositoryTrash(
      Database database, AccessChanges changes, ManagementRights rights, EntrepotConfig config) {
    this.database = database;
    this.changes = changes;
    this.rights = rights;
    this.keepMillis = config.trash().keep().toMillis();
  }

  /**
   * Deletes the repository of a name. The caller writes the audit log and what of rights has to be
   * forgotten, and tells {@code ContentEvent.RepositoryDeleted} after the commit.
   */
  public void delete(Connection transaction, String name, Actor actor) throws SQLException {
    Sql.update(transaction, DELETE, keepMillis, actor.name(), name);
    Sql.update(transaction, OUTDATED, name);
  }

  /** Those that the caller may restore, in the order in which they were made. */
  List<TrashedRepository> list(Subject caller, long after, int limit) {
    boolean all = rights.isAdministrator(caller);
    return database.read(
        connection ->
            Sql.list(
                connection,
                LIST,
                RepositoryTrash::shown,
                keepMillis,
                keepMillis,
                all,
                caller.id(),
                caller.id(),
                after,
                limit));
  }

  /**
   * Restores a repository.
   *
   * @throws ProblemException NOT_FOUND, also when the caller may not; CONFLICT when there is
   *     another one of its name by now
   */
  TrashedRepository restore(long id, Actor actor) {
    Subject caller = actor.subject();
    boolean all = rights.isAdministrator(caller);
    TrashedRepository restored =
        database.transact(
            transaction -> {
              TrashedRepository found =
                  Sql.find(
                          transaction,
                          LOCK,
                          RepositoryTrash::shown,
                          keepMillis,
                          keepMillis,
                          all,
                          caller.id(),
                          caller.id(),
                          id)
                      .orElseThrow(
                          () -> Problem.NOT_FOUND.with("There is no such deleted repository"));
              String name = found.name();
              if (Sql.exists(transaction, "SELECT 1 FROM repository WHERE name = ?", name)) {
                throw Problem.CONFLICT.with(
                    "There is another repository %s by now: delete that first".formatted(name));
              }
              Sql.update(transaction, RESTORE, id);
              changes.record(transaction, AccessChange.repository(name));
              changes.record(transaction, AccessChange.RIGHTS);
              AuditEvent event =
                  AuditEvent.in(name, AuditKind.REPOSITORY_RESTORE, actor, null, null);
              Sql.update(transaction, AuditEvent.INSERT, event.arguments());
              return found;
            });
    changes.tell(AccessChange.RIGHTS);
    return restored;
  }

  private static TrashedRepository shown(ResultSet row) throws SQLException {
    return new TrashedRepository(
        row.getLong(1),
        row.getString(2),
        TrashRows.instant(row, 3),
        row.getString(4),
        TrashRows.instant(row, 5));
  }
}
