package dev.entrepot.tag;

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
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Makes the months of the tags' history ahead and drops those that are past their retention. Where
 * the server was away for longer than that, rows have gone to the default partition: they are taken
 * from there when their month is made.
 */
@Singleton
class TagHistoryPartitions {
  private static final Logger LOG = Logger.getLogger(TagHistoryPartitions.class);
  private static final int MONTHS_AHEAD = 2;
  private static final String PREFIX = "tag_history_";
  private static final long LOCK = 0x7461675f68697374L; // any number that nobody else locks

  private final Database database;
  private final Duration retention;
  private final Clock clock;
  private final PeriodicTasks daily = new PeriodicTasks("tag-history");

  @Inject
  TagHistoryPartitions(Database database, EntrepotConfig config) {
    this(database, config.tagHistory().retention(), Clock.systemUTC());
  }

  TagHistoryPartitions(Database database, Duration retention, Clock clock) {
    this.database = database;
    this.retention = retention;
    this.clock = clock;
  }

  void start(@Observes StartupEvent event) {
    daily.runNowAndEvery(Duration.ofDays(1), "keeping the tag history's partitions", this::keep);
  }

  void stop(@Observes ShutdownEvent event) {
    daily.close();
  }

  /** Makes what is missing and drops what is over. */
  void keep() {
    YearMonth now = YearMonth.now(clock);
    List<YearMonth> there = database.read(TagHistoryPartitions::months);
    for (int ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
      YearMonth month = now.plusMonths(ahead);
      if (!there.contains(month)) {
        database.transact(transaction -> make(transaction, month));
      }
    }
    ZonedDateTime keptFrom = ZonedDateTime.now(clock).minus(retention);
    database.read(
        connection ->
            Sql.update(
                connection,
                "DELETE FROM tag_history_default WHERE at < ?",
                keptFrom.toOffsetDateTime()));
    for (YearMonth month : there) {
      if (!startOf(month.plusMonths(1)).isAfter(keptFrom)) {
        database.transact(transaction -> drop(transaction, month));
      }
    }
  }

  private static List<YearMonth> months(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        """
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'tag_history'::regclass AND c.relname ~ '^tag_history_[0-9]{4}_[0-9]{2}$'
        """,
        row -> {
          String month = row.getString(1).substring(PREFIX.length());
          return YearMonth.parse(month.replace('_', '-'));
        });
  }

  /** Whatever the month's rows in the default partition, they move: none may be in two places. */
  private static boolean make(Connection transaction, YearMonth month) throws SQLException {
    String name = name(month);
    String from = "'" + startOf(month).toOffsetDateTime() + "'";
    String to = "'" + startOf(month.plusMonths(1)).toOffsetDateTime() + "'";
    lock(transaction);
    if (exists(transaction, name)) { // another server was first
      return false;
    }
    Sql.update(transaction, "LOCK TABLE tag_history_default IN ACCESS EXCLUSIVE MODE");
    Sql.update(transaction, "CREATE TABLE " + name + " (LIKE tag_history INCLUDING ALL)");
    Sql.update(
        transaction,
        """
        WITH moved AS (
          DELETE FROM tag_history_default WHERE at >= %s AND at < %s RETURNING *)
        INSERT INTO %s SELECT * FROM moved
        """
            .formatted(from, to, name));
    Sql.update(
        transaction,
        "ALTER TABLE tag_history ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)"
            .formatted(name, from, to));
    return true;
  }

  private static boolean drop(Connection transaction, YearMonth month) throws SQLException {
    lock(transaction);
    Sql.update(transaction, "DROP TABLE IF EXISTS " + name(month));
    LOG.infof("tag history dropped month=%s", month);
    return true;
  }

  private static void lock(Connection transaction) throws SQLException {
    Optional<Boolean> locked =
        Sql.find(transaction, "SELECT pg_advisory_xact_lock(?)", row -> true, LOCK);
    if (locked.isEmpty()) {
      throw new IllegalStateException("no answer to a lock");
    }
  }

  private static boolean exists(Connection transaction, String table) throws SQLException {
    return Sql.exists(transaction, "SELECT 1 WHERE to_regclass(?) IS NOT NULL", table);
  }

  private static String name(YearMonth month) {
    return PREFIX + month.toString().replace('-', '_');
  }

  private static ZonedDateTime startOf(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC);
  }
}
