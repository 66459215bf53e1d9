package dev.entrepot.account.user;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.Names;
import dev.entrepot.account.row.Clock;
import dev.entrepot.account.row.NamespaceRow;
import dev.entrepot.account.row.NamespaceRows;
import dev.entrepot.account.row.OrganisationMemberRows;
import dev.entrepot.account.row.RepositoryRows;
import dev.entrepot.account.row.TokenRows;
import dev.entrepot.account.row.UserRow;
import dev.entrepot.account.row.UserRows;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.management.Trail;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The users. Names are unique among users and organisations; there is always an administrator who
 * can sign in, once there was one.
 */
@Singleton
@Transactional
public class UserService {
  private static final String LOCK_ADMINISTRATORS =
      "administrator = true and disabledAt is null order by id";

  private final UserRows users;
  private final NamespaceRows namespaces;
  private final OrganisationMemberRows members;
  private final RepositoryRows repositories;
  private final TokenRows tokens;
  private final Passwords passwords;
  private final AccessChanges changes;
  private final Trail trail;

  UserService(
      UserRows users,
      NamespaceRows namespaces,
      OrganisationMemberRows members,
      RepositoryRows repositories,
      TokenRows tokens,
      Passwords passwords,
      AccessChanges changes,
      Trail trail) {
    this.trail = trail;
    this.users = users;
    this.namespaces = namespaces;
    this.members = members;
    this.repositories = repositories;
    this.tokens = tokens;
    this.passwords = passwords;
    this.changes = changes;
  }

  /** Users in the order of their names. */
  public List<User> list(String after, int limit) {
    return namespaces
        .find("kind = ?1 and name > ?2 order by name", NamespaceRow.USER, after)
        .page(0, limit)
        .stream()
        .map(namespace -> shown(namespace, users.findById(namespace.id)))
        .toList();
  }

  /** The user of a name. */
  public Optional<User> find(String name) {
    return namespaces
        .find("kind = ?1 and name = ?2", NamespaceRow.USER, name)
        .firstResultOptional()
        .map(namespace -> shown(namespace, users.findById(namespace.id)));
  }

  /**
   * The user of a name.
   *
   * @throws ProblemException NOT_FOUND
   */
  public User get(String name) {
    return find(name).orElseThrow(() -> Problem.NOT_FOUND.with("There is no such user"));
  }

  /**
   * Makes a user, with a namespace.
   *
   * @throws ProblemException CONFLICT when there is a user or an organisation of the name
   */
  public User create(NewUser user) {
    Names.checkAccount(user.name());
    // First: it takes long, and no connection is held yet.
    String password = user.password() == null ? null : passwords.hash(user.name(), user.password());
    if (namespaces.count("name", user.name()) > 0) {
      throw Problem.CONFLICT.with("The name " + user.name() + " is taken");
    }
    var namespace = new NamespaceRow();
    namespace.name = user.name();
    namespace.kind = NamespaceRow.USER;
    namespace.memberRole = null;
    namespaces.persistAndFlush(namespace);
    var row = new UserRow();
    row.id = namespace.id;
    row.email = user.email();
    row.administrator = user.administrator();
    row.password = password;
    users.persist(row);
    changes.record(AccessChange.RIGHTS);
    trail.record(AuditKind.USER_CREATE, user.name(), Map.of("administrator", user.administrator()));
    return shown(namespace, row);
  }

  /**
   * Changes the settings of a user.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED; CONFLICT when there would be no
   *     administrator left
   */
  public User change(String name, UnaryOperator<UserSettings> change, IfMatch condition) {
    List<UserRow> administrators = lockAdministrators();
    NamespaceRow namespace = namespace(name);
    UserRow row = users.findById(namespace.id, LockModeType.PESSIMISTIC_WRITE);
    condition.require(shown(namespace, row));
    UserSettings before = settings(namespace, row);
    UserSettings after = change.apply(before);
    if (!after.administrator() || after.disabled()) {
      requireAnotherAdministrator(row, administrators);
    }
    row.email = after.email();
    row.administrator = after.administrator();
    namespace.quotaBytes = after.quotaBytes();
    if (before.disabled() != after.disabled()) {
      row.disabledAt = after.disabled() ? Clock.now() : null;
    }
    boolean lost =
        !before.disabled() && after.disabled() || before.administrator() && !after.administrator();
    changes.record(lost ? AccessChange.user(row.id) : AccessChange.RIGHTS);
    trail.record(
        AuditKind.USER_CHANGE,
        name,
        Map.of(
            "administrator",
            after.administrator(),
            "disabled",
            after.disabled(),
            "quota",
            String.valueOf(after.quotaBytes())));
    return shown(namespace, row);
  }

  /**
   * Removes a user and whatever only they could use.
   *
   * @throws ProblemException NOT_FOUND; CONFLICT when the user is the last administrator, the last
   *     owner of an organisation, or has repositories
   */
  public void delete(String name, IfMatch condition) {
    List<UserRow> administrators = lockAdministrators();
    NamespaceRow namespace = namespace(name);
    UserRow row = users.findById(namespace.id, LockModeType.PESSIMISTIC_WRITE);
    condition.require(shown(namespace, row));
    requireAnotherAdministrator(row, administrators);
    requireNoLastOwnership(row);
    if (repositories.count("namespace", name) > 0) {
      throw Problem.CONFLICT.with("There are repositories below " + name);
    }
    changes.record(AccessChange.user(row.id));
    namespaces.delete("id", namespace.id);
    trail.record(AuditKind.USER_DELETE, name, Map.of());
  }

  /**
   * Gives a user a new password; whoever is signed in with the old one is not any more, nor is who
   * got a refresh token with it. Personal access tokens stay.
   *
   * @throws ProblemException NOT_FOUND; INVALID when it is not good enough
   */
  public void setPassword(String name, String password) {
    String hash = passwords.hash(name, password);
    NamespaceRow namespace = namespace(name);
    users.findById(namespace.id, LockModeType.PESSIMISTIC_WRITE).password = hash;
    tokens.delete("userId = ?1 and kind = 'refresh' and parentId is null", namespace.id);
    changes.record(AccessChange.user(namespace.id));
    trail.record(AuditKind.USER_PASSWORD, name, Map.of());
  }

  /**
   * Makes sure that it is the user's password. No connection is held while that is found out.
   *
   * @throws ProblemException NOT_FOUND; DENIED when it is another
   * @throws dev.entrepot.error.RegistryException TOO_MANY_REQUESTS after many wrong ones
   */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  public void requirePassword(String name, String password) {
    String stored =
        QuarkusTransaction.requiringNew().call(() -> users.findById(namespace(name).id).password);
    if (!passwords.matches(name, password, stored)) {
      throw Problem.DENIED.with("The old password is wrong");
    }
  }

  private NamespaceRow namespace(String name) {
    return namespaces
        .find("kind = ?1 and name = ?2", NamespaceRow.USER, name)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such user"));
  }

  /** First of all, and in one order: of two who each remove the other, one has to wait. */
  private List<UserRow> lockAdministrators() {
    return users.find(LOCK_ADMINISTRATORS).withLock(LockModeType.PESSIMISTIC_WRITE).list();
  }

  private static void requireAnotherAdministrator(UserRow row, List<UserRow> administrators) {
    if (administrators.stream().allMatch(administrator -> administrator.id == row.id)
        && !administrators.isEmpty()) {
      throw Problem.CONFLICT.with("This is the last administrator");
    }
  }

  private void requireNoLastOwnership(UserRow row) {
    long last =
        members.count(
            "from OrganisationMemberRow m where m.owner = true and m.userId = ?1 and not exists"
                + " (select 1 from OrganisationMemberRow o where o.organisationId ="
                + " m.organisationId and o.owner = true and o.userId <> ?1)",
            row.id);
    if (last > 0) {
      throw Problem.CONFLICT.with("The user is the last owner of an organisation");
    }
  }

  private static UserSettings settings(NamespaceRow namespace, UserRow row) {
    return new UserSettings(
        row.email, row.administrator, row.disabledAt != null, namespace.quotaBytes);
  }

  private static User shown(NamespaceRow namespace, UserRow row) {
    return new User(
        row.id,
        namespace.name,
        row.email,
        row.administrator,
        row.disabledAt != null,
        row.password != null,
        namespace.quotaBytes,
        row.createdAt);
  }
}
