package dev.entrepot.login;

import dev.entrepot.access.ChangeFeed;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.password.LoginThrottle;
import dev.entrepot.auth.password.PasswordHasher;
import dev.entrepot.auth.password.PasswordsBusyException;
import dev.entrepot.auth.password.VerifiedPasswords;
import dev.entrepot.cache.GuardedCache;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.http.InvalidCredentialsException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks people's passwords: from memory where the same one was right a short while ago, else
 * slowly, in turn, and only so often. Of a name that nobody has it takes the same way.
 */
@Singleton
class Passwords {
  private static final int ACCOUNTS = 10_000;
  private static final Duration REMEMBERED = Duration.ofMinutes(5);
  private static final int ENTRY_SIZE = 600;

  private static final String FIND =
      """
      SELECT u.id, u.password FROM user_account u JOIN namespace n ON n.id = u.id
      WHERE n.name = ? AND u.disabled_at IS NULL
      """;

  private record Account(Subject subject, @Nullable String hash) {
    /** What a password is remembered with; of one that others keep, whose it was. */
    private String stored() {
      return hash == null ? elsewhere(subject) : hash;
    }

    private static String elsewhere(Subject subject) {
      return "user:" + subject.id();
    }
  }

  private record Attempt(BasicCredentials credentials, String address) {}

  private final Database database;
  private final ChangeFeed changes;
  private final PasswordHasher hasher;
  private final Instance<PasswordBackend> backends;
  private final LoginRecords records;
  private final GuardedCache<String, Account> accounts;
  private final VerifiedPasswords verified =
      new VerifiedPasswords(REMEMBERED, ACCOUNTS, InstantSource.system());
  private final LoginThrottle throttle;
  private final ConcurrentMap<Attempt, CompletableFuture<Optional<Subject>>> running =
      new ConcurrentHashMap<>();

  Passwords(
      Database database,
      ChangeFeed changes,
      PasswordHasher hasher,
      LoginThrottle throttle,
      @Any Instance<PasswordBackend> backends,
      LoginRecords records,
      MeterRegistry registry) {
    this.database = database;
    this.changes = changes;
    this.hasher = hasher;
    this.throttle = throttle;
    this.backends = backends;
    this.records = records;
    this.accounts =
        new GuardedCache<>(
            "passwords", (long) ACCOUNTS * ENTRY_SIZE, (name, account) -> ENTRY_SIZE, registry);
    changes.listen(
        what -> {
          if (what.startsWith("user:")) {
            accounts.invalidateAll();
          }
        });
  }

  /** Who has this name and password, when memory knows; null when it has to be checked. */
  @Nullable Subject known(BasicCredentials credentials) {
    Account account = changes.isCurrent() ? accounts.peek(credentials.name()) : null;
    return account != null && remembers(account, credentials) ? account.subject() : null;
  }

  /**
   * Who has this name and password.
   *
   * @throws InvalidCredentialsException when nobody has
   * @throws RegistryException TOO_MANY_REQUESTS after many wrong ones, UNAVAILABLE
   */
  Subject identify(BasicCredentials credentials, String address) {
    String name = credentials.name();
    Account account = changes.isCurrent() ? accounts.get(name, this::read) : read(name);
    if (account != null && remembers(account, credentials)) {
      return account.subject();
    }
    Optional<Subject> subject = once(new Attempt(credentials, address), account);
    return subject.orElseThrow(InvalidCredentialsException::login);
  }

  private boolean remembers(Account account, BasicCredentials credentials) {
    return verified.knows(credentials.name(), credentials.password(), account.stored());
  }

  /** A client that opens many connections at once sends the same password on each: one counts. */
  private Optional<Subject> once(Attempt attempt, @Nullable Account account) {
    CompletableFuture<Optional<Subject>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<Subject>> other = running.putIfAbsent(attempt, mine);
    if (other != null) {
      try {
        return other.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RegistryException answer ? answer : e;
      }
    }
    try {
      Optional<Subject> subject = check(attempt, account);
      mine.complete(subject);
      return subject;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      running.remove(attempt, mine);
    }
  }

  private Optional<Subject> check(Attempt attempt, @Nullable Account account) {
    String name = attempt.credentials().name();
    Duration wait = throttle.attempt(name, attempt.address());
    if (!wait.isZero()) {
      records.throttled(subject(account), attempt.address());
      throw tooMany(wait);
    }
    try {
      Optional<Subject> subject = compare(attempt.credentials(), account);
      if (subject.isPresent()) {
        throttle.succeeded(name, attempt.address());
        records.accepted("password", subject.get(), attempt.address());
      } else {
        records.refused("password", subject(account), attempt.address());
      }
      return subject;
    } catch (PasswordsBusyException e) {
      throttle.withdrawn(name, attempt.address());
      throw tooMany(Duration.ofSeconds(2));
    } catch (RuntimeException e) {
      throttle.withdrawn(name, attempt.address());
      throw e;
    }
  }

  private static @Nullable Subject subject(@Nullable Account account) {
    return account == null ? null : account.subject();
  }

  private Optional<Subject> compare(BasicCredentials credentials, @Nullable Account account) {
    String hash = account == null ? null : account.hash();
    boolean right = hasher.matches(credentials.password(), hash);
    if (account != null && hash != null) {
      if (right) {
        verified.remember(credentials.name(), credentials.password(), hash);
      }
      return right ? Optional.of(account.subject()) : Optional.empty();
    }
    Optional<Subject> subject =
        backends.stream()
            .flatMap(backend -> backend.find(credentials.name(), credentials.password()).stream())
            .findFirst();
    // It counts only for this account: elsewhere, the name may be that of another one here.
    subject.ifPresent(
        found ->
            verified.remember(
                credentials.name(), credentials.password(), Account.elsewhere(found)));
    return subject;
  }

  private @Nullable Account read(String name) {
    return database
        .read(connection -> Sql.find(connection, FIND, row -> account(row, name), name))
        .orElse(null);
  }

  private static Account account(ResultSet row, String name) throws SQLException {
    return new Account(
        new Subject(Subject.Kind.USER, row.getLong(1), name, "password", Limits.NONE),
        row.getString(2));
  }

  private static RegistryException tooMany(Duration wait) {
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return new RegistryException(
        ErrorCode.TOO_MANY_REQUESTS,
        "too many attempts to sign in",
        null,
        Map.of("Retry-After", Long.toString(seconds)));
  }
}
