package dev.entrepot.login;

import dev.entrepot.access.ChangeFeed;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.RepositoryPattern;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.secret.Secret;
import dev.entrepot.cache.GuardedCache;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.http.InvalidCredentialsException;
import dev.entrepot.storage.DigestAlgorithm;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Personal access tokens, robots' secrets and refresh tokens, found by their SHA-256. So many
 * random bits need neither a slow hash nor a throttle.
 */
@Singleton
class Secrets {
  private static final int ENTRY_SIZE = 700;

  /** Whatever a secret rests on must be good: its owner, and what it was got with. */
  private static final String FIND =
      """
      SELECT t.id, t.kind, t.user_id, t.robot_id, coalesce(n.name, r.name), t.actions,
        t.repositories, least(t.expires_at, r.expires_at, p.expires_at), p.id
      FROM access_token t
      LEFT JOIN access_token p ON p.id = t.parent_id
      LEFT JOIN user_account u ON u.id = t.user_id AND u.disabled_at IS NULL
      LEFT JOIN namespace n ON n.id = u.id
      LEFT JOIN robot r ON r.id = t.robot_id AND r.disabled_at IS NULL
      WHERE t.hash = ? AND t.revoked_at IS NULL AND p.revoked_at IS NULL
        AND num_nonnulls(u.id, r.id) = 1
        AND (least(t.expires_at, r.expires_at, p.expires_at) > now()
          OR num_nonnulls(t.expires_at, r.expires_at, p.expires_at) = 0)
      """;

  private record Key(long a, long b, long c, long d) {
    static Key of(byte[] hash) {
      ByteBuffer bytes = ByteBuffer.wrap(hash);
      return new Key(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }
  }

  /**
   * A secret that is good.
   *
   * @param id of its row
   * @param subject the owner, with the secret's limits
   */
  record Known(long id, Secret.Kind kind, Subject subject, long expiresMillis) {
    private boolean isGood() {
      return expiresMillis > System.currentTimeMillis();
    }
  }

  private final Database database;
  private final ChangeFeed changes;
  private final SecretUses uses;
  private final GuardedCache<Key, Known> cache;

  Secrets(
      Database database,
      ChangeFeed changes,
      SecretUses uses,
      EntrepotConfig config,
      MeterRegistry metrics) {
    this.database = database;
    this.changes = changes;
    this.uses = uses;
    this.cache =
        new GuardedCache<>(
            "secrets",
            config.cache().accessBytes().asLongValue() / 4,
            (key, known) -> ENTRY_SIZE,
            metrics);
    changes.listen(what -> cache.invalidateAll());
  }

  /** Whether a password can only be meant as a secret of ours. */
  static boolean isSecret(String password) {
    for (Secret.Kind kind : Secret.Kind.values()) {
      if (password.startsWith(kind.prefix())) {
        return true;
      }
    }
    return false;
  }

  /** The owner of a secret that is in memory; null when it has to be looked up. */
  @Nullable Subject known(BasicCredentials credentials) {
    if (!changes.isCurrent()) {
      return null;
    }
    Known known = cache.peek(Key.of(sha256(credentials.password())));
    if (known == null || !isOwners(known, credentials)) {
      return null;
    }
    uses.note(known.id());
    return known.subject();
  }

  /**
   * The owner of a secret.
   *
   * @throws InvalidCredentialsException when it is none, or another's, or not good any more
   */
  Subject identify(BasicCredentials credentials) {
    Known known =
        find(credentials.password())
            .filter(found -> isOwners(found, credentials))
            .orElseThrow(InvalidCredentialsException::login);
    uses.note(known.id());
    return known.subject();
  }

  /** A refresh token, as its row is now; empty when it is none that is good. */
  Optional<Known> findRefresh(String text) {
    return Secret.parse(text)
        .filter(secret -> secret.kind() == Secret.Kind.REFRESH)
        .map(secret -> read(secret.sha256()));
  }

  private static boolean isOwners(Known known, BasicCredentials credentials) {
    return known.isGood()
        && known.kind() != Secret.Kind.REFRESH
        && known.subject().name().equals(credentials.name());
  }

  private Optional<Known> find(String text) {
    return Secret.parse(text)
        .map(Secret::sha256)
        .map(hash -> changes.isCurrent() ? cache.get(Key.of(hash), key -> read(hash)) : read(hash))
        .filter(Known::isGood);
  }

  private @Nullable Known read(byte[] hash) {
    return database
        .read(connection -> Sql.find(connection, FIND, Secrets::known, (Object) hash))
        .orElse(null);
  }

  private static Known known(ResultSet row) throws SQLException {
    long id = row.getLong(1);
    long user = row.getLong(3);
    Subject.Kind kind = row.wasNull() ? Subject.Kind.ROBOT : Subject.Kind.USER;
    long parent = row.getLong(9);
    String credential = row.wasNull() ? "token:" + id : "token:" + id + " token:" + parent;
    Timestamp expires = row.getTimestamp(8);
    return new Known(
        id,
        Arrays.stream(Secret.Kind.values()).filter(one -> is(one, row)).findFirst().orElseThrow(),
        new Subject(
            kind,
            kind == Subject.Kind.USER ? user : row.getLong(4),
            row.getString(5),
            credential,
            limits(row.getArray(6), row.getArray(7))),
        expires == null ? Long.MAX_VALUE : expires.getTime());
  }

  private static boolean is(Secret.Kind kind, ResultSet row) {
    try {
      return kind.text().equals(row.getString(2));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Limits limits(@Nullable Array actions, @Nullable Array repositories)
      throws SQLException {
    if (actions == null && repositories == null) {
      return Limits.NONE;
    }
    Set<Action> only =
        actions == null
            ? EnumSet.allOf(Action.class)
            : texts(actions).stream()
                .flatMap(text -> Action.find(text).stream())
                .collect(Collectors.toSet());
    List<String> patterns = repositories == null ? List.of("**") : texts(repositories);
    return new Limits.Scoped(only, patterns.stream().map(RepositoryPattern::new).toList());
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  private static byte[] sha256(String text) {
    return DigestAlgorithm.SHA256.newMessageDigest().digest(text.getBytes(StandardCharsets.UTF_8));
  }
}
