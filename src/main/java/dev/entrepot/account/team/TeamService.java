package dev.entrepot.account.team;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.Names;
import dev.entrepot.account.organisation.OrganisationService;
import dev.entrepot.account.row.OrganisationMemberRow;
import dev.entrepot.account.row.OrganisationMemberRows;
import dev.entrepot.account.row.TeamGroupRow;
import dev.entrepot.account.row.TeamGroupRows;
import dev.entrepot.account.row.TeamMemberRow;
import dev.entrepot.account.row.TeamMemberRows;
import dev.entrepot.account.row.TeamRow;
import dev.entrepot.account.row.TeamRows;
import dev.entrepot.account.user.UserService;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.management.Trail;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The teams of organisations. Only members of the organisation can be in one. */
@Singleton
@Transactional
public class TeamService {
  private final TeamRows teams;
  private final TeamMemberRows members;
  private final TeamGroupRows groups;
  private final OrganisationMemberRows organisationMembers;
  private final OrganisationService organisations;
  private final UserService users;
  private final AccessChanges changes;
  private final Trail trail;

  TeamService(
      TeamRows teams,
      TeamMemberRows members,
      TeamGroupRows groups,
      OrganisationMemberRows organisationMembers,
      OrganisationService organisations,
      UserService users,
      AccessChanges changes,
      Trail trail) {
    this.trail = trail;
    this.teams = teams;
    this.members = members;
    this.groups = groups;
    this.organisationMembers = organisationMembers;
    this.organisations = organisations;
    this.users = users;
    this.changes = changes;
  }

  /** Teams in the order of their names. */
  public List<Team> list(String organisation, String after, int limit) {
    long id = organisations.row(organisation).id;
    return teams
        .find("organisationId = ?1 and name > ?2 order by name", id, after)
        .page(0, limit)
        .stream()
        .map(TeamService::shown)
        .toList();
  }

  /**
   * The team of a name.
   *
   * @throws ProblemException NOT_FOUND
   */
  public Team get(String organisation, String name) {
    return shown(row(organisation, name));
  }

  /**
   * Makes a team without members.
   *
   * @throws ProblemException NOT_FOUND for the organisation; CONFLICT when there is one
   */
  public Team create(String organisation, String name) {
    Names.checkAccount(name);
    var row = new TeamRow();
    row.organisationId = organisations.row(organisation).id;
    row.name = name;
    teams.persistAndFlush(row);
    trail.recordBelow(organisation, AuditKind.TEAM_CREATE, name, Map.of());
    return shown(row);
  }

  /**
   * Removes a team, and the roles it gave.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public void delete(String organisation, String name, IfMatch condition) {
    organisations.locked(organisation);
    TeamRow row = row(organisation, name);
    condition.require(shown(row));
    revokeMembers(row.id);
    teams.delete(row);
    changes.record(AccessChange.RIGHTS);
    trail.recordBelow(organisation, AuditKind.TEAM_DELETE, name, Map.of());
  }

  /**
   * Members in the order of their names; one may be there by hand and by providers.
   *
   * @param after a {@link TeamMember#key}
   */
  public List<TeamMember> listMembers(String organisation, String team, String after, int limit) {
    int end = after.indexOf('/');
    return members
        .find(
            "select n.name, m.provider from TeamMemberRow m join NamespaceRow n on n.id = m.userId"
                + " where m.teamId = ?1 and (n.name > ?2 or n.name = ?2 and m.provider > ?3)"
                + " order by n.name, m.provider",
            row(organisation, team).id,
            end < 0 ? after : after.substring(0, end),
            end < 0 ? "" : after.substring(end + 1))
        .project(TeamMember.class)
        .page(0, limit)
        .list();
  }

  /**
   * Puts a user into a team by hand.
   *
   * @throws ProblemException NOT_FOUND; CONFLICT when they are no member of the organisation
   */
  public void addMember(String organisation, String team, String user) {
    organisations.locked(organisation); // nobody leaves it meanwhile
    TeamRow row = row(organisation, team);
    long id = users.get(user).id();
    if (organisationMembers.findById(new OrganisationMemberRow.Key(row.organisationId, id))
        == null) {
      throw Problem.CONFLICT.with("The user is no member of the organisation");
    }
    if (members.findById(new TeamMemberRow.Key(row.id, id, TeamMemberRow.BY_HAND)) == null) {
      var member = new TeamMemberRow();
      member.teamId = row.id;
      member.userId = id;
      member.provider = TeamMemberRow.BY_HAND;
      members.persist(member);
      changes.record(AccessChange.RIGHTS);
      trail.recordBelow(organisation, AuditKind.TEAM_MEMBER_ADD, team, Map.of("user", user));
    }
  }

  /**
   * Takes a user out of a team. One whom a provider's groups bring comes back with the next
   * sign-in.
   *
   * @throws ProblemException NOT_FOUND when they are not in it
   */
  public void removeMember(String organisation, String team, String user) {
    long id = users.get(user).id();
    if (members.delete("teamId = ?1 and userId = ?2", row(organisation, team).id, id) == 0) {
      throw Problem.NOT_FOUND.with("The user is not in the team");
    }
    changes.record(AccessChange.user(id));
    trail.recordBelow(organisation, AuditKind.TEAM_MEMBER_REMOVE, team, Map.of("user", user));
  }

  /** The groups whose members are in the team. */
  public ExternalGroups getGroups(String organisation, String team) {
    return groups(row(organisation, team).id);
  }

  /**
   * Says anew which groups' members are in the team: from the members' next sign-in on.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public ExternalGroups setGroups(
      String organisation, String team, ExternalGroups wanted, IfMatch condition) {
    organisations.locked(organisation);
    long id = row(organisation, team).id;
    condition.require(groups(id));
    var missing = new HashSet<>(wanted.groups());
    groups.stream("teamId", id).filter(row -> !missing.remove(shown(row))).forEach(groups::delete);
    trail.recordBelow(
        organisation, AuditKind.TEAM_GROUPS, team, Map.of("groups", texts(wanted.groups())));
    for (ExternalGroup group : missing) {
      var row = new TeamGroupRow();
      row.teamId = id;
      row.provider = group.provider();
      row.group = group.group();
      groups.persist(row);
    }
    groups.flush();
    return groups(id);
  }

  private ExternalGroups groups(long team) {
    return new ExternalGroups(
        groups.stream("teamId = ?1", team)
            .map(TeamService::shown)
            .sorted(
                Comparator.comparing(ExternalGroup::provider).thenComparing(ExternalGroup::group))
            .toList());
  }

  private static ExternalGroup shown(TeamGroupRow row) {
    return new ExternalGroup(row.provider, row.group);
  }

  private static Team shown(TeamRow row) {
    return new Team(row.name, row.createdAt);
  }

  private static List<String> texts(List<ExternalGroup> groups) {
    return groups.stream().map(group -> group.provider() + ":" + group.group()).sorted().toList();
  }

  /** The row of a name. */
  public TeamRow row(String organisation, String name) {
    return teams
        .find("organisationId = ?1 and name = ?2", organisations.row(organisation).id, name)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such team"));
  }

  /** Tokens of the members may hold what the team gave. */
  public void revokeMembers(long team) {
    members.stream("teamId", team)
        .forEach(member -> changes.record(AccessChange.user(member.userId)));
  }
}
