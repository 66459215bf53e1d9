package dev.entrepot.audit;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A log in a database, and what tests do to it in one line. */
final class AuditLog {
  private final TestDatabase postgres;
  private final Database database;
  private final Sealing sealing = new Sealing(InstantSource.system());

  AuditLog(TestDatabase postgres) {
    this.postgres = postgres;
    this.database = postgres.database();
  }

  Database database() {
    return database;
  }

  /** Writes events that differ in their reference, each in a transaction. */
  void append(String... references) {
    for (String reference : references) {
      database.transact(transaction -> append(transaction, reference));
    }
  }

  static int append(Connection transaction, String reference) throws SQLException {
    return Sql.update(
        transaction,
        AuditEvent.INSERT,
        AuditEvent.of(AuditKind.USER_CHANGE, Actor.SYSTEM, reference).arguments());
  }

  /** Seals what is settled; how many events those were, empty when another is at it. */
  Optional<Integer> seal() {
    return database.transact(sealing::run).map(Sealing.Run::events);
  }

  Verification verify() {
    return verify(null);
  }

  Verification verify(@Nullable Head kept) {
    try (Connection connection = postgres.dataSource().getConnection()) {
      return Verifier.verify(
          connection, ZonedDateTime.now(ZoneOffset.UTC).minus(Duration.ofDays(400)), kept);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs what somebody with the database's password may run. */
  int tamper(String sql, Object... arguments) {
    return database.transact(transaction -> Sql.update(transaction, sql, arguments));
  }

  List<RecordedEvent> events() {
    return database.read(
        connection ->
            Sql.list(
                connection,
                "SELECT "
                    + RecordedEvent.COLUMNS
                    + " FROM audit_event ORDER BY audit_event.era, audit_event.tx, audit_event.id",
                RecordedEvent::read));
  }
}
