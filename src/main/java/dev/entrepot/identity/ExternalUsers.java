package dev.entrepot.identity;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Accounts of users whom a provider knows. An account belongs to a provider's subject, never to a
 * name: a name that somebody here has already is not taken over, whoever says so.
 */
@Singleton
class ExternalUsers {
  private static final Logger LOG = Logger.getLogger(ExternalUsers.class);

  private static final int MAX_NAME = 64;

  /** First components, or user names at the login, that mean something else. */
  private static final Set<String> RESERVED = Set.of("library", "oidc", "anonymous");

  private static final String FIND =
      """
      SELECT account.id, namespace.name, account.disabled_at IS NOT NULL
      FROM external_identity identity
      JOIN user_account account ON account.id = identity.user_id
      JOIN namespace ON namespace.id = account.id
      WHERE identity.provider = ? AND identity.subject = ?
      """;

  /** Not of a name that repositories begin with: whoever came first would have them all. */
  private static final String CREATE =
      """
      WITH created AS (
        INSERT INTO namespace (name, kind)
        SELECT given.name, 'user' FROM (SELECT ?::text AS name) AS given
        WHERE NOT EXISTS (SELECT FROM repository held WHERE held.namespace = given.name)
        ON CONFLICT DO NOTHING RETURNING id),
      account AS (
        INSERT INTO user_account (id, email) SELECT id, ? FROM created RETURNING id)
      INSERT INTO external_identity (provider, subject, user_id)
      SELECT ?, ?, id FROM account RETURNING user_id
      """;

  private static final String TEAMS =
      """
      WITH changed AS (%s RETURNING team_id)
      SELECT organisation.name, team.name FROM changed
      JOIN team ON team.id = changed.team_id
      JOIN namespace organisation ON organisation.id = team.organisation_id
      """;

  private static final String LEAVE_TEAMS =
      TEAMS.formatted(
          """
          DELETE FROM team_member member
          WHERE user_id = ? AND provider = ? AND NOT EXISTS (
            SELECT FROM team_group given
            WHERE given.team_id = member.team_id AND given.provider = member.provider
              AND given.external_group = ANY (?))
          """);

  private static final String JOIN_TEAMS =
      TEAMS.formatted(
          """
          INSERT INTO team_member (team_id, user_id, provider)
          SELECT DISTINCT team_id, ?::bigint, provider FROM team_group
          WHERE provider = ? AND external_group = ANY (?)
          ON CONFLICT DO NOTHING
          """);

  private record Account(long id, String name, boolean disabled) {}

  private record LoggedIn(Account account, List<AccessChange> changes) {}

  private final Database database;
  private final AccessChanges changes;

  ExternalUsers(Database database, AccessChanges changes) {
    this.database = database;
    this.changes = changes;
  }

  /**
   * The account of a user whom the provider has just vouched for, in the teams that follow from the
   * user's groups now.
   *
   * @param provision whether to make an account that is not there
   * @throws RegistryException DENIED when there is none, or it is disabled
   */
  Subject logIn(ExternalUser user, boolean provision) {
    LoggedIn done = database.transact(transaction -> logIn(transaction, user, provision));
    done.changes().forEach(changes::tell);
    Account account = done.account();
    return new Subject(
        Subject.Kind.USER,
        account.id(),
        account.name(),
        "provider:" + user.provider(),
        Limits.NONE);
  }

  private LoggedIn logIn(Connection transaction, ExternalUser user, boolean provision)
      throws SQLException {
    Optional<Account> found = find(transaction, user);
    Account account = found.isPresent() ? found.get() : create(transaction, user, provision);
    if (account.disabled()) {
      throw new RegistryException(ErrorCode.DENIED, "the account is disabled");
    }
    Sql.update(
        transaction,
        "UPDATE external_identity SET last_login_at = now() WHERE provider = ? AND subject = ?",
        user.provider(),
        user.subject());
    return new LoggedIn(account, followGroups(transaction, user, account));
  }

  private static Optional<Account> find(Connection transaction, ExternalUser user)
      throws SQLException {
    return Sql.find(
        transaction,
        FIND,
        row -> new Account(row.getLong(1), row.getString(2), row.getBoolean(3)),
        user.provider(),
        user.subject());
  }

  private static Account create(Connection transaction, ExternalUser user, boolean provision)
      throws SQLException {
    String name = user.name().toLowerCase(Locale.ROOT);
    if (!provision) {
      throw new RegistryException(ErrorCode.DENIED, "there is no account for this user");
    }
    if (name.length() > MAX_NAME
        || name.indexOf('/') >= 0
        || RESERVED.contains(name)
        || RepositoryName.tryParse(name).isEmpty()) {
      throw new RegistryException(ErrorCode.DENIED, "the name cannot be an account's here");
    }
    Optional<Account> created =
        Sql.find(
            transaction,
            CREATE,
            row -> new Account(row.getLong(1), name, false),
            name,
            user.email(),
            user.provider(),
            user.subject());
    if (created.isPresent()) {
      LOG.infof("account made name=%s provider=%s", name, user.provider());
      record(
          transaction,
          AuditEvent.of(AuditKind.USER_CREATE, Actor.SYSTEM, name)
              .with(Map.of("administrator", "false", "provider", user.provider())));
      return created.get();
    }
    // Of two first logins at once, the other one has made it by now; else the name is another's.
    return find(transaction, user)
        .orElseThrow(() -> new RegistryException(ErrorCode.DENIED, "the name is taken here"));
  }

  private List<AccessChange> followGroups(
      Connection transaction, ExternalUser user, Account account) throws SQLException {
    String[] groups = Sql.texts(user.groups());
    Object[] arguments = {account.id(), user.provider(), groups};
    List<AuditEvent> left =
        Sql.list(
            transaction, LEAVE_TEAMS, row -> team(AuditKind.TEAM_MEMBER_REMOVE, row), arguments);
    List<AuditEvent> joined =
        Sql.list(transaction, JOIN_TEAMS, row -> team(AuditKind.TEAM_MEMBER_ADD, row), arguments);
    Map<String, String> detail = Map.of("user", account.name(), "provider", user.provider());
    for (AuditEvent event : Stream.concat(left.stream(), joined.stream()).toList()) {
      record(transaction, event.with(detail));
    }
    List<AccessChange> told = new ArrayList<>();
    if (!left.isEmpty()) {
      told.add(AccessChange.user(account.id()));
    }
    if (!left.isEmpty() || !joined.isEmpty()) {
      told.add(AccessChange.RIGHTS);
    }
    for (AccessChange change : told) {
      changes.record(transaction, change);
    }
    return told;
  }

  /** Nobody asked for it here: the server does what the provider's groups say. */
  private static AuditEvent team(AuditKind kind, ResultSet row) throws SQLException {
    return AuditEvent.of(kind, Actor.SYSTEM, row.getString(2)).below(row.getString(1));
  }

  private static void record(Connection transaction, AuditEvent event) throws SQLException {
    Sql.update(transaction, AuditEvent.INSERT, event.arguments());
  }
}
