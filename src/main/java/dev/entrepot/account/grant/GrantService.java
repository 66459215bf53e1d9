package dev.entrepot.account.grant;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.organisation.OrganisationService;
import dev.entrepot.account.repository.RepositorySettingsService;
import dev.entrepot.account.robot.RobotService;
import dev.entrepot.account.row.NamespaceRows;
import dev.entrepot.account.row.RepositoryRow;
import dev.entrepot.account.row.RobotRows;
import dev.entrepot.account.row.RoleGrantRow;
import dev.entrepot.account.row.RoleGrantRows;
import dev.entrepot.account.row.TeamRows;
import dev.entrepot.account.team.TeamService;
import dev.entrepot.account.user.UserService;
import dev.entrepot.auth.Role;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.management.Trail;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Roles given to users, teams and robots. There is one for each grantee in each place: giving
 * another replaces it. Teams and robots are given roles by their own organisation only.
 */
@Singleton
@Transactional
public class GrantService {
  private static final String IN_NAMESPACE = "namespaceId = ?1";
  private static final String IN_REPOSITORY = "repositoryId = ?1";

  private final RoleGrantRows grants;
  private final OrganisationService organisations;
  private final RepositorySettingsService repositories;
  private final UserService users;
  private final TeamService teams;
  private final TeamRows teamRows;
  private final RobotService robots;
  private final RobotRows robotRows;
  private final NamespaceRows namespaces;
  private final AccessChanges changes;
  private final Trail trail;

  GrantService(
      RoleGrantRows grants,
      OrganisationService organisations,
      RepositorySettingsService repositories,
      UserService users,
      TeamService teams,
      TeamRows teamRows,
      RobotService robots,
      RobotRows robotRows,
      NamespaceRows namespaces,
      AccessChanges changes,
      Trail trail) {
    this.trail = trail;
    this.grants = grants;
    this.organisations = organisations;
    this.repositories = repositories;
    this.users = users;
    this.teams = teams;
    this.teamRows = teamRows;
    this.robots = robots;
    this.robotRows = robotRows;
    this.namespaces = namespaces;
    this.changes = changes;
  }

  /** Those in all repositories of an organisation. */
  public List<Grant> listInOrganisation(String organisation, long after, int limit) {
    return list(IN_NAMESPACE, organisations.row(organisation).id, after, limit);
  }

  /** Those in one repository. */
  public List<Grant> listInRepository(String repository, long after, int limit) {
    return list(IN_REPOSITORY, repositories.row(repository).id, after, limit);
  }

  /**
   * Gives a role in all repositories of an organisation.
   *
   * @throws ProblemException NOT_FOUND for the organisation or the grantee
   */
  public Grant putInOrganisation(String organisation, Grantee grantee, Role role) {
    var wanted = new RoleGrantRow();
    wanted.namespaceId = organisations.row(organisation).id;
    return put(wanted, organisation, grantee, role);
  }

  /** The same in one repository. */
  public Grant putInRepository(String repository, Grantee grantee, Role role) {
    RepositoryRow row = repositories.row(repository);
    var wanted = new RoleGrantRow();
    wanted.repositoryId = row.id;
    return put(wanted, row.namespace == null ? "" : row.namespace, grantee, role);
  }

  /**
   * One in all repositories of an organisation.
   *
   * @throws ProblemException NOT_FOUND
   */
  public Grant getInOrganisation(String organisation, long id) {
    return shown(row(IN_NAMESPACE, organisations.row(organisation).id, id, LockModeType.NONE));
  }

  /** The same in one repository. */
  public Grant getInRepository(String repository, long id) {
    return shown(row(IN_REPOSITORY, repositories.row(repository).id, id, LockModeType.NONE));
  }

  /**
   * Takes a role back.
   *
   * @throws ProblemException NOT_FOUND when the organisation has given no such role;
   *     PRECONDITION_FAILED
   */
  public void removeInOrganisation(String organisation, long id, IfMatch condition) {
    long place = organisations.row(organisation).id;
    remove(row(IN_NAMESPACE, place, id, LockModeType.PESSIMISTIC_WRITE), condition);
  }

  /** The same in one repository. */
  public void removeInRepository(String repository, long id, IfMatch condition) {
    long place = repositories.row(repository).id;
    remove(row(IN_REPOSITORY, place, id, LockModeType.PESSIMISTIC_WRITE), condition);
  }

  private RoleGrantRow row(String where, long place, long id, LockModeType lock) {
    return grants
        .find(where + " and id = ?2", place, id)
        .withLock(lock)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such grant"));
  }

  private Grant put(RoleGrantRow wanted, String organisation, Grantee grantee, Role role) {
    switch (grantee.kind()) {
      case USER -> wanted.userId = users.get(grantee.name()).id();
      case TEAM -> wanted.teamId = teams.row(organisation, grantee.name()).id;
      case ROBOT -> wanted.robotId = robots.get(organisation, grantee.name()).id();
    }
    RoleGrantRow row =
        grants
            .find(
                "namespaceId is not distinct from ?1 and repositoryId is not distinct from ?2 and"
                    + " userId is not distinct from ?3 and teamId is not distinct from ?4 and"
                    + " robotId is not distinct from ?5",
                wanted.namespaceId,
                wanted.repositoryId,
                wanted.userId,
                wanted.teamId,
                wanted.robotId)
            .firstResultOptional()
            .orElse(wanted);
    if (row.role != null && role.compareTo(row.role) < 0) {
      revoke(row);
    }
    row.role = role;
    grants.persistAndFlush(row);
    changes.record(AccessChange.RIGHTS);
    Grant given = shown(row);
    record(AuditKind.GRANT_PUT, row, given);
    return given;
  }

  private void remove(RoleGrantRow row, IfMatch condition) {
    condition.require(shown(row));
    revoke(row);
    record(AuditKind.GRANT_REMOVE, row, shown(row));
    grants.delete(row);
    changes.record(AccessChange.RIGHTS);
  }

  private void record(AuditKind kind, RoleGrantRow row, Grant grant) {
    String grantee = grant.kind().name().toLowerCase(Locale.ROOT) + ":" + grant.name();
    Map<String, String> detail = Map.of("role", grant.role().text());
    if (row.repositoryId != null) {
      trail.recordIn(repositories.name(row.repositoryId), kind, grantee, detail);
    } else {
      String namespace = namespaces.findById(Objects.requireNonNull(row.namespaceId)).name;
      trail.recordBelow(namespace, kind, grantee, detail);
    }
  }

  /** Tokens may hold what is taken back. */
  private void revoke(RoleGrantRow row) {
    if (row.userId != null) {
      changes.record(AccessChange.user(row.userId));
    } else if (row.robotId != null) {
      changes.record(AccessChange.robot(row.robotId));
    } else if (row.teamId != null) {
      teams.revokeMembers(row.teamId);
    }
  }

  private List<Grant> list(String where, long id, long after, int limit) {
    return grants.find(where + " and id > ?2 order by id", id, after).page(0, limit).stream()
        .map(this::shown)
        .toList();
  }

  private Grant shown(RoleGrantRow row) {
    if (row.userId != null) {
      return new Grant(row.id, Grantee.Kind.USER, namespaces.findById(row.userId).name, row.role);
    }
    if (row.teamId != null) {
      return new Grant(row.id, Grantee.Kind.TEAM, teamRows.findById(row.teamId).name, row.role);
    }
    String robot = robotRows.findById(Objects.requireNonNull(row.robotId)).name;
    return new Grant(row.id, Grantee.Kind.ROBOT, robot.substring(robot.indexOf('+') + 1), row.role);
  }
}
