package dev.entrepot.identity;

import dev.entrepot.auth.Subject;
import dev.entrepot.auth.secret.Secret;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Personal access tokens that a login ends with: they are listed and revoked as those that users
 * make themselves.
 */
@Singleton
class LoginSecrets {
  /** The oldest ones of the same name make room for more. */
  private static final String TIDY =
      """
      DELETE FROM access_token WHERE user_id = ? AND kind = 'personal' AND name = ?
        AND (expires_at < now() OR revoked_at IS NOT NULL OR id NOT IN (
          SELECT id FROM access_token WHERE user_id = ? AND kind = 'personal' AND name = ?
          ORDER BY id DESC LIMIT 49))
      """;

  private static final String INSERT =
      """
      INSERT INTO access_token (hash, kind, user_id, name, expires_at)
      VALUES (?, 'personal', ?, ?, now() + make_interval(secs => ?))
      """;

  /**
   * A token that was made just now.
   *
   * @param username what goes with it, as a password's name
   */
  record Issued(String username, Secret secret, Instant expiresAt) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Issued[" + username + "]";
    }
  }

  private final Database database;

  LoginSecrets(Database database) {
    this.database = database;
  }

  /**
   * Makes one that is good for whatever the user may do.
   *
   * @param name what users know it by, in their lists
   */
  Issued issue(Subject user, String name, Duration life) {
    Secret secret = Secret.generate(Secret.Kind.PERSONAL);
    database.transact(transaction -> insert(transaction, user, name, secret, life));
    return new Issued(user.name(), secret, Instant.now().plus(life));
  }

  private static int insert(
      Connection transaction, Subject user, String name, Secret secret, Duration life)
      throws SQLException {
    Sql.update(transaction, TIDY, user.id(), name, user.id(), name);
    return Sql.update(
        transaction, INSERT, secret.sha256(), user.id(), name, (double) life.toSeconds());
  }
}
