package dev.entrepot.login;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.task.PeriodicTasks;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Records when secrets were last used, all of half a minute in one statement: a row that changed
 * with every request would be what all requests wait for.
 */
@Singleton
class SecretUses {
  private static final Logger LOG = Logger.getLogger(SecretUses.class);
  private static final Duration PERIOD = Duration.ofSeconds(30);

  private static final String UPDATE =
      "UPDATE access_token SET last_used_at = now() WHERE id = ANY (?::text[]::bigint[])";

  private final Database database;
  private final Set<Long> used = ConcurrentHashMap.newKeySet();
  private final PeriodicTasks writer = new PeriodicTasks("secret-uses");

  SecretUses(Database database) {
    this.database = database;
  }

  void note(long id) {
    if (!used.contains(id)) {
      used.add(id);
    }
  }

  void start(@Observes StartupEvent event) {
    writer.runEvery(PERIOD, "recording the uses of secrets", this::write);
  }

  void stop(@Observes ShutdownEvent event) {
    writer.close();
    write();
  }

  void write() {
    List<Long> ids = List.copyOf(used);
    if (ids.isEmpty()) {
      return;
    }
    ids.forEach(used::remove);
    try {
      database.read(connection -> Sql.update(connection, UPDATE, (Object) Sql.texts(ids)));
    } catch (RuntimeException e) {
      LOG.warnf("uses of secrets not recorded count=%d error=%s", ids.size(), e.getMessage());
    }
  }
}
