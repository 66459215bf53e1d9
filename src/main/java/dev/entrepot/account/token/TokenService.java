package dev.entrepot.account.token;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.row.Clock;
import dev.entrepot.account.row.TokenRow;
import dev.entrepot.account.row.TokenRows;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.secret.Secret;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.management.Trail;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The secrets of users and robots. Only their hashes are kept; each is told once. */
@Singleton
@Transactional
public class TokenService {
  private static final String USABLE = " and revokedAt is null and kind <> 'refresh' and id > ?2";
  private static final String OF_USER = "userId = ?2";
  private static final String OF_ROBOT = "robotId = ?2";
  private static final int MAX_TOKENS = 200;

  private final TokenRows tokens;
  private final AccessChanges changes;
  private final Duration maxAge;
  private final Trail trail;

  TokenService(TokenRows tokens, AccessChanges changes, EntrepotConfig config, Trail trail) {
    this.trail = trail;
    this.tokens = tokens;
    this.changes = changes;
    this.maxAge = config.auth().maxTokenAge();
  }

  /**
   * A personal access token of a user.
   *
   * @throws ProblemException INVALID when it expires in the past or too late; CONFLICT when the
   *     user has very many
   */
  public IssuedToken issuePersonal(long user, NewToken token) {
    var row = new TokenRow();
    row.userId = user;
    requireRoom(tokens.count("userId = ?1" + USABLE, user, 0L));
    return issue(row, Secret.Kind.PERSONAL, token, maxAge);
  }

  /** A secret of a robot, as {@link #issuePersonal}; it lasts as long as the robot. */
  public IssuedToken issueRobot(long robot, NewToken token) {
    var row = new TokenRow();
    row.robotId = robot;
    requireRoom(tokens.count("robotId = ?1" + USABLE, robot, 0L));
    return issue(row, Secret.Kind.ROBOT, token, null);
  }

  /**
   * A robot's new secret in place of those it has, which go on for a while, so that whoever uses
   * one has time to change over.
   *
   * @param overlap how long the others are still good for
   */
  public IssuedToken rotate(long robot, NewToken token, Duration overlap) {
    Instant end = Clock.now().plus(overlap);
    tokens
        .find("robotId = ?1" + USABLE, robot, 0L)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .stream()
        .forEach(old -> expire(old, end, overlap));
    return issueRobot(robot, token);
  }

  /** Those of a user that are not revoked, in the order they were made. */
  public List<AccessToken> listPersonal(long user, long after, int limit) {
    return list("userId = ?1" + USABLE + " order by id", user, after, limit);
  }

  /** Those of a robot that are not revoked, in the order they were made. */
  public List<AccessToken> listRobot(long robot, long after, int limit) {
    return list("robotId = ?1" + USABLE + " order by id", robot, after, limit);
  }

  /**
   * One of them.
   *
   * @throws ProblemException NOT_FOUND when the user has no such token
   */
  public AccessToken getPersonal(long user, long id) {
    return shown(row(OF_USER, user, id, LockModeType.NONE));
  }

  /** The same for a robot's secret. */
  public AccessToken getRobot(long robot, long id) {
    return shown(row(OF_ROBOT, robot, id, LockModeType.NONE));
  }

  /**
   * Ends a user's token at once, and what was got with it.
   *
   * @throws ProblemException NOT_FOUND when the user has no such token; PRECONDITION_FAILED
   */
  public void revokePersonal(long user, long id, IfMatch condition) {
    revoke(row(OF_USER, user, id, LockModeType.PESSIMISTIC_WRITE), condition);
  }

  /** The same for a robot's secret. */
  public void revokeRobot(long robot, long id, IfMatch condition) {
    revoke(row(OF_ROBOT, robot, id, LockModeType.PESSIMISTIC_WRITE), condition);
  }

  private TokenRow row(String ofOwner, long owner, long id, LockModeType lock) {
    return tokens
        .find("id = ?1 and revokedAt is null and kind <> 'refresh' and " + ofOwner, id, owner)
        .withLock(lock)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such token"));
  }

  private void revoke(TokenRow row, IfMatch condition) {
    condition.require(shown(row));
    row.revokedAt = Clock.now();
    record(AuditKind.SECRET_REVOKE, row);
    changes.record(AccessChange.token(row.id));
  }

  private void expire(TokenRow old, Instant end, Duration overlap) {
    if (overlap.isZero()) {
      revoke(old, IfMatch.ANY);
    } else if (old.expiresAt == null || old.expiresAt.isAfter(end)) {
      old.expiresAt = end;
      record(AuditKind.SECRET_EXPIRE, old);
      // Whoever remembers the secret remembers the longer life.
      changes.record(AccessChange.RIGHTS);
    }
  }

  private IssuedToken issue(
      TokenRow row, Secret.Kind kind, NewToken token, @Nullable Duration longest) {
    Secret secret = Secret.generate(kind);
    row.hash = secret.sha256();
    row.kind = kind.text();
    row.name = token.name();
    row.actions =
        token.actions() == null
            ? null
            : token.actions().stream().map(Action::text).sorted().toArray(String[]::new);
    row.repositories =
        token.repositories() == null ? null : token.repositories().toArray(String[]::new);
    row.expiresAt = expiry(token.expiresAt(), longest);
    tokens.persistAndFlush(row);
    record(AuditKind.SECRET_CREATE, row);
    return new IssuedToken(shown(row), secret.text());
  }

  /** By its number: its name is any text that somebody has given it. */
  private void record(AuditKind kind, TokenRow row) {
    String owner = row.userId != null ? "user:" + row.userId : "robot:" + row.robotId;
    trail.record(kind, "token:" + row.id, Map.of("owner", owner, "kind", row.kind));
  }

  private static @Nullable Instant expiry(@Nullable Instant asked, @Nullable Duration longest) {
    Instant now = Clock.now();
    Instant latest = longest == null ? null : now.plus(longest);
    if (asked != null && !asked.isAfter(now)) {
      throw Problem.INVALID.with("expiresAt is in the past");
    }
    if (asked != null && latest != null && asked.isAfter(latest)) {
      throw Problem.INVALID.with("expiresAt may be " + latest + " at the latest");
    }
    return asked == null ? latest : asked;
  }

  private static void requireRoom(long count) {
    if (count >= MAX_TOKENS) {
      throw Problem.CONFLICT.with("There are " + count + " already; revoke some");
    }
  }

  private List<AccessToken> list(String query, long owner, long after, int limit) {
    return tokens.find(query, owner, after).page(0, limit).stream()
        .map(TokenService::shown)
        .toList();
  }

  private static AccessToken shown(TokenRow row) {
    return new AccessToken(
        row.id,
        row.name,
        row.actions == null ? null : actions(row.actions),
        row.repositories == null ? null : List.of(row.repositories),
        row.createdAt,
        row.expiresAt,
        row.lastUsedAt);
  }

  private static Set<Action> actions(String[] names) {
    return Arrays.stream(names)
        .map(name -> Action.find(name).orElseThrow())
        .collect(Collectors.toCollection(java.util.TreeSet::new));
  }
}
