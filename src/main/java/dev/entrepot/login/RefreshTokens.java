package dev.entrepot.login;

import dev.entrepot.auth.Limits;
import dev.entrepot.auth.RepositoryPattern;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.secret.Secret;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Seen;
import dev.entrepot.database.Sql;
import dev.entrepot.http.InvalidCredentialsException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker login} keeps instead of a password. A refresh token is good for as long as it
 * is used now and then, and ends with what it was got with.
 */
@Singleton
class RefreshTokens {
  private static final int MAX_NAME = 100;

  /** Those that are over, and the ones not used for longest where there are too many. */
  private static final String TIDY =
      """
      DELETE FROM access_token WHERE kind = 'refresh'
        AND user_id IS NOT DISTINCT FROM ? AND robot_id IS NOT DISTINCT FROM ?
        AND (expires_at < now() OR revoked_at IS NOT NULL OR id NOT IN (
          SELECT id FROM access_token WHERE kind = 'refresh'
            AND user_id IS NOT DISTINCT FROM ? AND robot_id IS NOT DISTINCT FROM ?
          ORDER BY coalesce(last_used_at, created_at) DESC LIMIT 99))
      """;

  private static final String INSERT =
      """
      INSERT INTO access_token
        (hash, kind, user_id, robot_id, parent_id, name, actions, repositories, expires_at)
      VALUES (?, 'refresh', ?, ?, ?, ?, ?, ?, now() + make_interval(secs => ?))
      """;

  /** Whoever changes the password has the row alone. */
  private static final String LOCK_USER = "SELECT FROM user_account WHERE id = ? FOR SHARE";

  private static final String CHANGES =
      "SELECT tx::text::bigint FROM access_change WHERE what = ? AND tx >= ?::text::xid8";

  private static final String PROLONG =
      """
      UPDATE access_token SET last_used_at = now(), expires_at = now() + make_interval(secs => ?)
      WHERE id = ?
      """;

  private final Database database;
  private final Secrets secrets;
  private final double lifeSeconds;

  RefreshTokens(Database database, Secrets secrets, EntrepotConfig config) {
    this.database = database;
    this.secrets = secrets;
    Duration life = config.auth().refreshTokenLife();
    this.lifeSeconds = life.toSeconds();
  }

  /**
   * Makes one for whoever has just shown a credential, with the limits of that.
   *
   * @param client what asks for it, for the user to tell them apart
   * @param seen what was seen before the credential was checked
   * @throws InvalidCredentialsException when that was a password, and the account has changed
   *     since: it may have been replaced
   */
  Secret issue(Subject subject, String client, Seen seen) {
    Secret secret = Secret.generate(Secret.Kind.REFRESH);
    String name = client.substring(0, Math.min(client.length(), MAX_NAME));
    database.transact(transaction -> insert(transaction, subject, secret, name, seen));
    return secret;
  }

  /**
   * Whose it is; it is good for longer from now on.
   *
   * @throws InvalidCredentialsException when it is none, or not good any more
   */
  Subject use(String text) {
    Secrets.Known known = secrets.findRefresh(text).orElseThrow(InvalidCredentialsException::login);
    database.transact(transaction -> Sql.update(transaction, PROLONG, lifeSeconds, known.id()));
    return known.subject();
  }

  private int insert(Connection transaction, Subject subject, Secret secret, String name, Seen seen)
      throws SQLException {
    Long user = subject.kind() == Subject.Kind.USER ? (Long) subject.id() : null;
    Long robot = subject.kind() == Subject.Kind.ROBOT ? (Long) subject.id() : null;
    if (subject.credential().equals("password")) {
      requireUnchanged(transaction, subject, seen);
    }
    Sql.update(transaction, TIDY, user, robot, user, robot);
    Limits.Scoped scoped = subject.limits() instanceof Limits.Scoped limits ? limits : null;
    return Sql.update(
        transaction,
        INSERT,
        secret.sha256(),
        user,
        robot,
        parent(subject),
        name,
        scoped == null
            ? null
            : scoped.actions().stream().map(action -> action.text()).toArray(String[]::new),
        scoped == null
            ? null
            : scoped.repositories().stream().map(RepositoryPattern::text).toArray(String[]::new),
        lifeSeconds);
  }

  private static void requireUnchanged(Connection transaction, Subject subject, Seen seen)
      throws SQLException {
    Sql.exists(transaction, LOCK_USER, subject.id());
    String before = Long.toString(seen.before());
    for (long change :
        Sql.list(transaction, CHANGES, row -> row.getLong(1), subject.account(), before)) {
      if (!seen.sees(change)) {
        throw InvalidCredentialsException.login();
      }
    }
  }

  private static @Nullable Long parent(Subject subject) {
    String prefix = "token:";
    return subject.credential().startsWith(prefix)
        ? Long.valueOf(subject.credential().substring(prefix.length()))
        : null;
  }
}
