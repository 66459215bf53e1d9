package dev.entrepot.management;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.task.Jobs;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Deletes idempotency keys that have expired. */
@Singleton
class IdempotencySweeper {
  private static final Duration INTERVAL = Duration.ofHours(1);
  private static final String DELETE =
      "DELETE FROM idempotent_request WHERE created_at < now() - " + IdempotentRequests.KEPT;

  private final Database database;

  IdempotencySweeper(Database database) {
    this.database = database;
  }

  void start(@Observes StartupEvent event, Jobs jobs) {
    jobs.every("idempotency-sweeper", INTERVAL, run -> sweep());
  }

  /** Deletes what has expired by now. */
  void sweep() {
    database.read(connection -> Sql.update(connection, DELETE));
  }
}
