package dev.entrepot.identity;

import dev.entrepot.auth.secret.Secret;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Personal access tokens that a login ends with: they are listed and revoked as those that users
 * make themselves.
 */
@Singleton
class LoginSecrets {
  /** The oldest ones of the same name make room for more. */
  private static final String TIDY =
      """
      WITH gone AS (
        DELETE FROM access_token WHERE user_id = ? AND kind = 'personal' AND name = ?
          AND (expires_at < now() OR revoked_at IS NOT NULL OR id NOT IN (
            SELECT id FROM access_token WHERE user_id = ? AND kind = 'personal' AND name = ?
            ORDER BY id DESC LIMIT 49))
        RETURNING id, expires_at < now() IS NOT TRUE AND revoked_at IS NULL AS usable)
      SELECT id FROM gone WHERE usable
      """;

  private static final String INSERT =
      """
      INSERT INTO access_token (hash, kind, user_id, name, expires_at)
      VALUES (?, 'personal', ?, ?, now() + make_interval(secs => ?)) RETURNING id
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
   * Makes one that is good for whatever the user may do, and records the login.
   *
   * @param login who logs in
   * @param name what users know it by, in their lists
   */
  Issued issue(Actor login, String name, Duration life) {
    Secret secret = Secret.generate(Secret.Kind.PERSONAL);
    database.transact(transaction -> insert(transaction, login, name, secret, life));
    return new Issued(login.name(), secret, Instant.now().plus(life));
  }

  private static long insert(
      Connection transaction, Actor login, String name, Secret secret, Duration life)
      throws SQLException {
    long user = login.subject().id();
    record(transaction, AuditEvent.of(AuditKind.SIGN_IN, login, null).with(Map.of("method", name)));
    for (long gone : Sql.list(transaction, TIDY, row -> row.getLong(1), user, name, user, name)) {
      record(transaction, AuditKind.SECRET_REVOKE, login, gone, name);
    }
    long id =
        Sql.find(
                transaction,
                INSERT,
                row -> row.getLong(1),
                secret.sha256(),
                user,
                name,
                (double) life.toSeconds())
            .orElseThrow();
    record(transaction, AuditKind.SECRET_CREATE, login, id, name);
    return id;
  }

  private static void record(
      Connection transaction, AuditKind kind, Actor login, long secret, String name)
      throws SQLException {
    Map<String, String> detail =
        Map.of("owner", "user:" + login.subject().id(), "kind", "personal", "login", name);
    record(transaction, AuditEvent.of(kind, login, "token:" + secret).with(detail));
  }

  private static void record(Connection transaction, AuditEvent event) throws SQLException {
    Sql.update(transaction, AuditEvent.INSERT, event.arguments());
  }
}
