package dev.entrepot.account.organisation;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.Names;
import dev.entrepot.account.row.NamespaceRow;
import dev.entrepot.account.row.NamespaceRows;
import dev.entrepot.account.row.OrganisationMemberRow;
import dev.entrepot.account.row.OrganisationMemberRows;
import dev.entrepot.account.row.RepositoryRows;
import dev.entrepot.account.row.RobotRows;
import dev.entrepot.account.row.RoleGrantRows;
import dev.entrepot.account.row.TeamMemberRows;
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
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Organisations and who belongs to them. Each has an owner, always. */
@Singleton
@Transactional
public class OrganisationService {
  private final NamespaceRows namespaces;
  private final OrganisationMemberRows members;
  private final TeamMemberRows teamMembers;
  private final RepositoryRows repositories;
  private final RobotRows robots;
  private final RoleGrantRows grants;
  private final UserService users;
  private final AccessChanges changes;
  private final Trail trail;

  OrganisationService(
      NamespaceRows namespaces,
      OrganisationMemberRows members,
      TeamMemberRows teamMembers,
      RepositoryRows repositories,
      RobotRows robots,
      RoleGrantRows grants,
      UserService users,
      AccessChanges changes,
      Trail trail) {
    this.trail = trail;
    this.namespaces = namespaces;
    this.members = members;
    this.teamMembers = teamMembers;
    this.repositories = repositories;
    this.robots = robots;
    this.grants = grants;
    this.users = users;
    this.changes = changes;
  }

  /**
   * Organisations in the order of their names.
   *
   * @param member only those this user is a member of; null for all
   */
  public List<Organisation> list(@Nullable Long member, String after, int limit) {
    String all = "kind = ?1 and name > ?2";
    String mine =
        all + " and id in (select organisationId from OrganisationMemberRow where userId = ?3)";
    var query =
        member == null
            ? namespaces.find(all + " order by name", NamespaceRow.ORGANISATION, after)
            : namespaces.find(mine + " order by name", NamespaceRow.ORGANISATION, after, member);
    return query.page(0, limit).stream().map(OrganisationService::shown).toList();
  }

  /**
   * The organisation of a name.
   *
   * @throws ProblemException NOT_FOUND
   */
  public Organisation get(String name) {
    return shown(row(name));
  }

  /**
   * Makes an organisation with one owner.
   *
   * @throws ProblemException NOT_FOUND for the owner; CONFLICT when the name is taken
   */
  public Organisation create(String name, String owner) {
    Names.checkAccount(name);
    long user = users.get(owner).id();
    if (namespaces.count("name", name) > 0) {
      throw Problem.CONFLICT.with("The name " + name + " is taken");
    }
    var namespace = new NamespaceRow();
    namespace.name = name;
    namespace.kind = NamespaceRow.ORGANISATION;
    namespaces.persistAndFlush(namespace);
    var member = new OrganisationMemberRow();
    member.organisationId = namespace.id;
    member.userId = user;
    member.owner = true;
    members.persist(member);
    changes.record(AccessChange.RIGHTS);
    trail.recordBelow(name, AuditKind.ORGANISATION_CREATE, name, Map.of("owner", owner));
    return shown(namespace);
  }

  /**
   * Changes the settings.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public Organisation change(
      String name, UnaryOperator<OrganisationSettings> change, IfMatch condition) {
    NamespaceRow row = locked(name);
    condition.require(shown(row));
    OrganisationSettings before = settings(row);
    OrganisationSettings after = change.apply(before);
    row.defaultVisibility = after.defaultVisibility();
    row.defaultQuotaBytes = after.defaultQuotaBytes();
    row.memberRole = after.memberRole();
    row.membersCreate = after.membersCreate();
    if (takesAway(before, after)) {
      members.stream("organisationId", row.id)
          .forEach(member -> changes.record(AccessChange.user(member.userId)));
    }
    changes.record(AccessChange.RIGHTS);
    trail.recordBelow(
        name,
        AuditKind.ORGANISATION_CHANGE,
        name,
        Map.of(
            "defaultVisibility",
            after.defaultVisibility().text(),
            "defaultQuota",
            String.valueOf(after.defaultQuotaBytes()),
            "memberRole",
            after.memberRole() == null ? "none" : after.memberRole().text(),
            "membersCreate",
            after.membersCreate()));
    return shown(row);
  }

  /** Whether members may hold tokens for what they may not do any more. */
  private static boolean takesAway(OrganisationSettings before, OrganisationSettings after) {
    return before.membersCreate() && !after.membersCreate()
        || Role.greater(before.memberRole(), after.memberRole()) != after.memberRole();
  }

  /**
   * Limits all repositories together; null is no limit. Not a setting of the owners' own.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public Organisation setQuota(String name, @Nullable Long bytes, IfMatch condition) {
    NamespaceRow row = locked(name);
    condition.require(shown(row));
    row.quotaBytes = bytes;
    trail.recordBelow(
        name, AuditKind.ORGANISATION_QUOTA, name, Map.of("bytes", String.valueOf(bytes)));
    return shown(row);
  }

  /**
   * Removes an organisation with its teams, robots and grants.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED; CONFLICT when it has repositories
   */
  public void delete(String name, IfMatch condition) {
    NamespaceRow row = locked(name);
    condition.require(shown(row));
    if (repositories.count("namespace", name) > 0) {
      throw Problem.CONFLICT.with("There are repositories below " + name);
    }
    robots.stream("organisationId", row.id)
        .forEach(robot -> changes.record(AccessChange.robot(robot.id)));
    members.stream("organisationId", row.id)
        .forEach(member -> changes.record(AccessChange.user(member.userId)));
    namespaces.delete("id", row.id);
    changes.record(AccessChange.RIGHTS);
    trail.recordBelow(name, AuditKind.ORGANISATION_DELETE, name, Map.of());
  }

  /** Members in the order of their names. */
  public List<Member> listMembers(String organisation, String after, int limit) {
    return members
        .find(
            "select n.name, m.owner from OrganisationMemberRow m join NamespaceRow n on n.id ="
                + " m.userId where m.organisationId = ?1 and n.name > ?2 order by n.name",
            row(organisation).id,
            after)
        .project(Member.class)
        .page(0, limit)
        .list();
  }

  /**
   * A member of an organisation.
   *
   * @throws ProblemException NOT_FOUND
   */
  public Member getMember(String organisation, String user) {
    long id = users.get(user).id();
    OrganisationMemberRow member =
        members.findById(new OrganisationMemberRow.Key(row(organisation).id, id));
    if (member == null) {
      throw notMember();
    }
    return new Member(user, member.owner);
  }

  /**
   * Makes a user a member, or changes whether they are an owner.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED; CONFLICT when no owner would be left
   */
  public Member putMember(String organisation, String user, boolean owner, IfMatch condition) {
    NamespaceRow row = locked(organisation);
    long id = users.get(user).id();
    OrganisationMemberRow member = members.findById(new OrganisationMemberRow.Key(row.id, id));
    condition.require(member == null ? null : new Member(user, member.owner));
    if (member == null) {
      member = new OrganisationMemberRow();
      member.organisationId = row.id;
      member.userId = id;
      member.owner = owner;
      members.persist(member);
    } else if (member.owner && !owner) {
      requireAnotherOwner(row, id);
      changes.record(AccessChange.user(id));
      member.owner = false;
    } else {
      member.owner = owner;
    }
    changes.record(AccessChange.RIGHTS);
    trail.recordBelow(organisation, AuditKind.MEMBER_PUT, user, Map.of("owner", owner));
    return new Member(user, owner);
  }

  /**
   * Ends a membership, also in the organisation's teams, and takes back the roles that the member
   * was given there or got by founding repositories.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED; CONFLICT when no owner would be left
   */
  public void removeMember(String organisation, String user, IfMatch condition) {
    NamespaceRow row = locked(organisation);
    long id = users.get(user).id();
    OrganisationMemberRow member = members.findById(new OrganisationMemberRow.Key(row.id, id));
    if (member == null) {
      throw notMember();
    }
    condition.require(new Member(user, member.owner));
    if (member.owner) {
      requireAnotherOwner(row, id);
    }
    members.delete(member);
    teamMembers.delete(
        "userId = ?1 and teamId in (select id from TeamRow where organisationId = ?2)", id, row.id);
    grants.delete(
        "userId = ?1 and (namespaceId = ?2"
            + " or repositoryId in (select id from RepositoryRow where namespace = ?3))",
        id,
        row.id,
        organisation);
    changes.record(AccessChange.user(id));
    trail.recordBelow(organisation, AuditKind.MEMBER_REMOVE, user, Map.of());
  }

  private static ProblemException notMember() {
    return Problem.NOT_FOUND.with("The user is no member");
  }

  private void requireAnotherOwner(NamespaceRow row, long user) {
    if (members.count("organisationId = ?1 and owner = true and userId <> ?2", row.id, user) == 0) {
      throw Problem.CONFLICT.with("This is the last owner");
    }
  }

  /** The row of a name. */
  public NamespaceRow row(String name) {
    return namespaces
        .find("kind = ?1 and name = ?2", NamespaceRow.ORGANISATION, name)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such organisation"));
  }

  /** The same. All changes of members wait for each other here, so that one owner stays. */
  public NamespaceRow locked(String name) {
    return namespaces
        .find("kind = ?1 and name = ?2", NamespaceRow.ORGANISATION, name)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such organisation"));
  }

  private static OrganisationSettings settings(NamespaceRow row) {
    return new OrganisationSettings(
        row.defaultVisibility, row.defaultQuotaBytes, row.memberRole, row.membersCreate);
  }

  private static Organisation shown(NamespaceRow row) {
    return new Organisation(
        row.name,
        row.defaultVisibility,
        row.defaultQuotaBytes,
        row.quotaBytes,
        row.memberRole,
        row.membersCreate,
        row.createdAt);
  }
}
