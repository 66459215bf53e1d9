package dev.entrepot.audit;

import dev.entrepot.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Seals what is settled: events below the oldest transaction under way, so that none can come in
 * between any more. Runs in one transaction that only one server at a time gets to.
 */
final class Sealing {
  /** Of one seal, and of one run. */
  static final int MAX_EVENTS = 5_000;

  /** The newest seal is of a transaction that this PostgreSQL has not come to. */
  private static final String IS_BEHIND =
      """
      SELECT 1 WHERE pg_snapshot_xmax(pg_current_snapshot()) <= ?::text::xid8
        AND ? = (SELECT max(era) FROM audit_event)
      """;

  /**
   * What a run did.
   *
   * @param last the newest seal there is; null when there is none
   * @param events how many were sealed
   */
  record Run(SealRows.@Nullable Row last, int events) {
    /** Whether there may be more to do at once. */
    boolean isFull() {
      return events >= MAX_EVENTS;
    }
  }

  private final InstantSource clock;

  Sealing(InstantSource clock) {
    this.clock = clock;
  }

  /** Empty when another server is at it. */
  Optional<Run> run(Connection transaction) throws SQLException {
    if (!SealRows.tryLock(transaction)) {
      return Optional.empty();
    }
    SealRows.Row last = SealRows.findLast(transaction).orElse(null);
    Position after = last == null ? Position.START : last.seal().last();
    if (Sql.exists(transaction, IS_BEHIND, Long.toString(after.tx()), after.era())) {
      throw new IllegalStateException(
          "the database was imported, and its audit log needs a new era: docs/operations/audit.md");
    }
    List<RecordedEvent> events = EventRows.oldest(transaction, AuditFilter.ALL, after, MAX_EVENTS);
    if (events.isEmpty()) {
      return Optional.of(new Run(last, 0));
    }
    SealKey key = SealRows.key(transaction);
    int from = 0;
    for (int i = 1; i <= events.size(); i++) {
      YearMonth month = events.get(from).month();
      if (i == events.size() || !events.get(i).month().equals(month)) {
        seal(transaction, last == null ? null : last.seal(), events.subList(from, i), key);
        last = SealRows.findLast(transaction).orElseThrow();
        from = i;
      }
    }
    return Optional.of(new Run(last, events.size()));
  }

  private void seal(
      Connection transaction, @Nullable Seal before, List<RecordedEvent> events, SealKey key)
      throws SQLException {
    var leaves = new Leaves.Builder();
    events.forEach(leaves::add);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    SealRows.insert(
        transaction,
        new Seal(
            before == null ? 1 : before.number() + 1,
            before == null ? Seal.NOTHING_BEFORE : before.hash(),
            events.getFirst().month(),
            events.getLast().position(),
            events.size(),
            (before == null ? 0 : before.total()) + events.size(),
            now,
            Hashes.sha256(leaves.bytes()),
            key.kid()),
        key,
        leaves.bytes());
  }
}
