package dev.entrepot.audit;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.MonthPartitions;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.task.Jobs;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Makes the log's months ahead, and drops those that are over for longer than events are kept: the
 * events, once all of them are sealed, but not the signed end of each stretch of their seals.
 */
@Singleton
class Retention {
  private static final Logger LOG = Logger.getLogger(Retention.class);

  /** Pushes wait behind who waits for the table: so not for long, and again an hour later. */
  private static final String WAIT = "SET LOCAL lock_timeout = '1s'";

  private static final String STRAYS =
      "SELECT DISTINCT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') FROM audit_event_default";

  private static final String UNSEALED =
      "SELECT 1 FROM %s WHERE (era, tx, id) > (?, ?::text::xid8, ?) LIMIT 1";

  private static final String COUNT =
      "SELECT coalesce(sum(events), 0) FROM audit_seal WHERE month = ?";

  private static final String KEEP_ENDS =
      """
      DELETE FROM audit_seal seal WHERE month = ? AND EXISTS (
        SELECT FROM audit_seal next
        WHERE next.number = seal.number + 1 AND next.month = seal.month)
      """;

  private final Database database;
  private final MonthPartitions partitions;
  private final Duration retention;
  private final Clock clock;

  @Inject
  Retention(Database database, EntrepotConfig config) {
    this(database, config.audit().retention(), Clock.systemUTC());
  }

  Retention(Database database, Duration retention, Clock clock) {
    this.database = database;
    this.partitions = new MonthPartitions(database, "audit_event");
    this.retention = retention;
    this.clock = clock;
  }

  void start(@Observes StartupEvent event, Jobs jobs) {
    partitions.makeAhead(YearMonth.now(clock)); // not under pushes, which would have to wait
    jobs.every("audit-retention", Duration.ofHours(1), run -> keep());
  }

  /** Makes what is missing and drops what is over. */
  void keep() {
    partitions.makeAhead(YearMonth.now(clock));
    database
        .read(connection -> Sql.list(connection, STRAYS, row -> YearMonth.parse(row.getString(1))))
        .forEach(month -> database.transact(transaction -> partitions.make(transaction, month)));
    ZonedDateTime keptFrom = ZonedDateTime.now(clock).minus(retention);
    for (YearMonth month : partitions.list()) {
      if (!MonthPartitions.startOf(month.plusMonths(1)).isAfter(keptFrom)) {
        database.transact(transaction -> drop(transaction, month));
      }
    }
  }

  private boolean drop(Connection transaction, YearMonth month) throws SQLException {
    Sql.update(transaction, WAIT);
    if (!SealRows.tryLock(transaction) || !isSealed(transaction, month)) {
      return false; // an hour later, then
    }
    long events = Sql.find(transaction, COUNT, row -> row.getLong(1), month.toString()).orElse(0L);
    partitions.drop(transaction, month);
    Sql.update(transaction, KEEP_ENDS, month.toString());
    Sql.update(
        transaction, "UPDATE audit_seal SET leaves = NULL WHERE month = ?", month.toString());
    AuditEvent dropped =
        AuditEvent.of(AuditKind.AUDIT_DROPPED, Actor.SYSTEM, month.toString())
            .with(Map.of("events", Long.toString(events)));
    Sql.update(transaction, AuditEvent.INSERT, dropped.arguments());
    LOG.infof("audit log dropped month=%s events=%d", month, events);
    return true;
  }

  private boolean isSealed(Connection transaction, YearMonth month) throws SQLException {
    Position last =
        SealRows.findLast(transaction).map(row -> row.seal().last()).orElse(Position.START);
    return !Sql.exists(
        transaction,
        UNSEALED.formatted(partitions.name(month)),
        last.era(),
        Long.toString(last.tx()),
        last.id());
  }
}
