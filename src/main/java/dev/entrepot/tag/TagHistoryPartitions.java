package dev.entrepot.tag;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.MonthPartitions;
import dev.entrepot.database.Sql;
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
import org.jboss.logging.Logger;

/**
 * Makes the months of the tags' history ahead and drops those that are past their retention. Where
 * the server was away for longer than that, rows have gone to the default partition: they are taken
 * from there when their month is made.
 */
@Singleton
class TagHistoryPartitions {
  private static final Logger LOG = Logger.getLogger(TagHistoryPartitions.class);

  private final Database database;
  private final Duration retention;
  private final Clock clock;
  private final MonthPartitions partitions;

  @Inject
  TagHistoryPartitions(Database database, EntrepotConfig config) {
    this(database, config.tagHistory().retention(), Clock.systemUTC());
  }

  TagHistoryPartitions(Database database, Duration retention, Clock clock) {
    this.database = database;
    this.retention = retention;
    this.clock = clock;
    this.partitions = new MonthPartitions(database, "tag_history");
  }

  void start(@Observes StartupEvent event, Jobs jobs) {
    partitions.makeAhead(YearMonth.now(clock)); // not under pushes, which would have to wait
    jobs.every("tag-history", Duration.ofDays(1), run -> keep());
  }

  /** Makes what is missing and drops what is over. */
  void keep() {
    partitions.makeAhead(YearMonth.now(clock));
    ZonedDateTime keptFrom = ZonedDateTime.now(clock).minus(retention);
    database.read(
        connection ->
            Sql.update(
                connection,
                "DELETE FROM tag_history_default WHERE at < ?",
                keptFrom.toOffsetDateTime()));
    for (YearMonth month : partitions.list()) {
      if (!MonthPartitions.startOf(month.plusMonths(1)).isAfter(keptFrom)) {
        database.transact(transaction -> drop(transaction, month));
      }
    }
  }

  private boolean drop(Connection transaction, YearMonth month) throws SQLException {
    partitions.drop(transaction, month);
    LOG.infof("tag history dropped month=%s", month);
    return true;
  }
}
