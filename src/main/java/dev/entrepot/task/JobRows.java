package dev.entrepot.task;

import dev.entrepot.database.Database;
import dev.entrepot.database.Replica;
import dev.entrepot.database.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code job}. Only the database's clock takes part. */
final class JobRows {
  private static final String CREATE =
      "INSERT INTO job (name) SELECT unnest(?) ON CONFLICT DO NOTHING";

  private static final String CLAIM =
      """
      WITH due AS (
        SELECT job.name
        FROM job JOIN unnest(?::text[], ?::text[]::bigint[]) AS given (name, pause) USING (name)
        WHERE (lease_until IS NULL OR lease_until < now())
          AND (last_ended IS NULL OR last_ended + pause * interval '1 millisecond' <= now())
        FOR UPDATE OF job SKIP LOCKED)
      UPDATE job SET holder = ?, fence = fence + 1, last_started = now(),
        lease_until = now() + ? * interval '1 millisecond'
      FROM due WHERE job.name = due.name
      RETURNING job.name, job.fence, job.progress
      """;

  private static final String RENEW =
      """
      UPDATE job SET lease_until = now() + ? * interval '1 millisecond'
      WHERE name = ? AND fence = ?
      """;

  private static final String SAVE =
      """
      UPDATE job SET progress = ?, lease_until = now() + ? * interval '1 millisecond'
      WHERE name = ? AND fence = ?
      """;

  /** Whoever stopped in the middle leaves the job due. */
  private static final String END =
      """
      UPDATE job SET holder = NULL, lease_until = NULL, last_error = left(?, 1000),
        last_ended = CASE WHEN ? THEN last_ended ELSE now() END
      WHERE name = ? AND fence = ?
      """;

  /**
   * A lease of a job.
   *
   * @param fence larger than that of every lease of the job before
   * @param progress how far the one before has come
   */
  record Lease(String name, long fence, @Nullable String progress) {}

  private final Database database;
  private final UUID holder;
  private final long leaseMillis;

  JobRows(Database database, Replica replica, Duration lease) {
    this.database = database;
    this.holder = replica.id();
    this.leaseMillis = lease.toMillis();
  }

  void create(Collection<String> names) {
    database.read(connection -> Sql.update(connection, CREATE, (Object) Sql.texts(names)));
  }

  /**
   * Leases of those that are due; {@code pauses} by name, the time from one end to the next start.
   */
  List<Lease> claim(Map<String, Duration> pauses) {
    List<String> names = new ArrayList<>();
    List<Long> millis = new ArrayList<>();
    pauses.forEach(
        (name, pause) -> {
          names.add(name);
          millis.add(pause.toMillis());
        });
    return database.transact(
        transaction ->
            Sql.list(
                transaction,
                CLAIM,
                row -> new Lease(row.getString(1), row.getLong(2), row.getString(3)),
                Sql.texts(names),
                Sql.texts(millis),
                holder,
                leaseMillis));
  }

  /** False when the lease is lost. */
  boolean renew(Lease lease) {
    return update(RENEW, leaseMillis, lease.name(), lease.fence());
  }

  /** False when the lease is lost: nothing is kept then. */
  boolean save(Lease lease, @Nullable String progress) {
    return update(SAVE, progress, leaseMillis, lease.name(), lease.fence());
  }

  /** Gives the lease back; {@code early} when there is more to do at once. */
  boolean end(Lease lease, boolean early, @Nullable String error) {
    return update(END, error, early, lease.name(), lease.fence());
  }

  private boolean update(String sql, @Nullable Object... arguments) {
    return database.read(connection -> Sql.update(connection, sql, arguments)) > 0;
  }
}
