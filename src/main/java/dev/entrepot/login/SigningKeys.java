package dev.entrepot.login;

import dev.entrepot.auth.token.KeyRing;
import dev.entrepot.auth.token.SigningKey;
import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.task.PeriodicTasks;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The keys of registry tokens, which all servers of a database share as rows. Each signs for a
 * period; the next one is made, and so published, well before its turn, and a server that meets a
 * key that it does not know reads the rows again.
 */
@Singleton
class SigningKeys implements KeyRing {
  private static final Logger LOG = Logger.getLogger(SigningKeys.class);
  private static final long LOCK = 0x7369676e5f6b6579L; // any number that nobody else locks
  private static final Duration CHECK = Duration.ofMinutes(1);
  private static final Duration PUBLISHED_BEFORE = Duration.ofHours(1);

  /** Longer than a token lives, with what clocks may be off. */
  private static final Duration VALID_AFTER = Duration.ofMinutes(15);

  private static final Duration REREAD = Duration.ofSeconds(1);

  private static final String LIST =
      """
      SELECT private_key, public_key, signs_from, signs_until, valid_until FROM signing_key
      WHERE valid_until > ? ORDER BY signs_from
      """;

  private static final String INSERT =
      """
      INSERT INTO signing_key (kid, private_key, public_key, signs_from, signs_until, valid_until)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private record Row(SigningKey key, Instant signsFrom, Instant signsUntil, Instant validUntil) {}

  private final Database database;
  private final boolean needed;
  private final Duration period;
  private final InstantSource clock;
  private final PeriodicTasks keeper = new PeriodicTasks("signing-keys");

  private volatile List<Row> rows = List.of();
  private volatile Instant readAt = Instant.EPOCH;

  @Inject
  SigningKeys(Database database, EntrepotConfig config) {
    this(database, config, InstantSource.system());
  }

  SigningKeys(Database database, EntrepotConfig config, InstantSource clock) {
    this.database = database;
    this.needed = config.auth().mode() != AuthConfig.Mode.OFF;
    this.period = config.auth().signingKeyPeriod();
    this.clock = clock;
  }

  void start(@Observes StartupEvent event) {
    if (needed) {
      keep();
      keeper.runEvery(CHECK, "keeping the signing keys", this::keep);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    keeper.close();
  }

  @Override
  public SigningKey current() {
    Instant now = clock.instant();
    return rows.stream()
        .filter(row -> !row.signsFrom().isAfter(now) && row.signsUntil().isAfter(now))
        .max(Comparator.comparing(Row::signsFrom))
        .map(Row::key)
        .orElseThrow(() -> new IllegalStateException("no key signs now"));
  }

  /** Reads the rows again for a key that is not known, at most once a second. */
  @Override
  public Optional<SigningKey> find(String kid) {
    Optional<SigningKey> known = findKnown(kid);
    if (known.isEmpty() && clock.instant().isAfter(readAt.plus(REREAD))) {
      read();
      return findKnown(kid);
    }
    return known;
  }

  @Override
  public List<SigningKey> published() {
    Instant now = clock.instant();
    return rows.stream().filter(row -> row.validUntil().isAfter(now)).map(Row::key).toList();
  }

  private Optional<SigningKey> findKnown(String kid) {
    Instant now = clock.instant();
    return rows.stream()
        .filter(row -> row.key().kid().equals(kid) && row.validUntil().isAfter(now))
        .map(Row::key)
        .findFirst();
  }

  /** Reads the keys, and makes the next one when its turn is near. */
  void keep() {
    read();
    if (!isNextThere(rows)) {
      database.transact(this::makeNext);
      read();
    }
  }

  private boolean isNextThere(List<Row> known) {
    Instant needed = clock.instant().plus(PUBLISHED_BEFORE);
    return known.stream().anyMatch(row -> row.signsUntil().isAfter(needed));
  }

  private synchronized void read() {
    readAt = clock.instant();
    rows = database.read(this::list);
  }

  private List<Row> list(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        LIST,
        row ->
            new Row(
                SigningKey.decode(row.getBytes(1), row.getBytes(2)),
                row.getTimestamp(3).toInstant(),
                row.getTimestamp(4).toInstant(),
                row.getTimestamp(5).toInstant()),
        utc(clock.instant()));
  }

  private boolean makeNext(Connection transaction) throws SQLException {
    Sql.find(transaction, "SELECT pg_advisory_xact_lock(?)", row -> true, LOCK);
    List<Row> there = list(transaction);
    if (isNextThere(there)) { // another server was first
      return false;
    }
    Instant now = clock.instant();
    Instant from =
        there.stream()
            .map(Row::signsUntil)
            .filter(end -> end.isAfter(now))
            .max(Comparator.naturalOrder())
            .orElse(now);
    SigningKey key = SigningKey.generate();
    Instant until = from.plus(period);
    Sql.update(
        transaction,
        INSERT,
        key.kid(),
        key.encodedPrivate(),
        key.encodedPublic(),
        utc(from),
        utc(until),
        utc(until.plus(VALID_AFTER)));
    LOG.infof("signing key made kid=%s signsFrom=%s signsUntil=%s", key.kid(), from, until);
    return true;
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
