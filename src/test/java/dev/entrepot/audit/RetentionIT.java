package dev.entrepot.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.TestDatabase;
import dev.entrepot.event.AuditKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetentionIT {
  private static final YearMonth OLD = YearMonth.of(2020, 3);

  private TestDatabase postgres;
  private AuditLog log;

  @BeforeEach
  void open() {
    postgres = TestDatabase.open();
    log = new AuditLog(postgres);
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void eventsThatCameWithoutAMonthGetOne() {
    log.append("a", "b");
    backdate("a", "2020-03-31T23:59:59Z");
    keep(10_000);
    assertEquals(2, log.events().size());
    assertEquals(0, rows("audit_event_default"));
    assertEquals(1, rows("audit_event_2020_03"));
  }

  @Test
  void aMonthIsDroppedWholeAndItsLastSealStays() {
    sealed("a", "b");
    sealed("c");
    sealed("recent");
    keep(400);
    Verification found = log.verify();
    assertEquals(List.of(), found.faults());
    assertEquals(Set.of(OLD), found.dropped());
    assertEquals(2, found.seals()); // the last of the old ones, and the recent one
    assertEquals(
        List.of("recent", OLD.toString()),
        log.events().stream().map(RecordedEvent::reference).toList());
    assertEquals(AuditKind.AUDIT_DROPPED.text(), log.events().getLast().kind());
    log.append("after");
    awaitSealed(2);
    assertEquals(List.of(), log.verify().faults());
  }

  @Test
  void whatIsNotSealedIsNotDropped() {
    log.append("a");
    backdate("a", "2020-03-01T00:00:00Z");
    keep(400);
    assertEquals(1, log.events().size());
    awaitSealed(1);
    keep(400);
    assertEquals(OLD.toString(), log.events().getFirst().reference());
  }

  @Test
  void whatIsNotOverIsKept() {
    sealed("a");
    keep(10_000);
    assertEquals(1, log.events().size());
  }

  @Test
  void anEventPutBackIntoADroppedMonthIsFound() {
    sealed("a");
    sealed("recent");
    log.tamper("CREATE TABLE kept AS SELECT * FROM audit_event WHERE reference = 'a'");
    keep(400);
    log.tamper("INSERT INTO audit_event SELECT * FROM kept");
    assertTrue(log.verify().faults().getFirst().contains("was inserted"));
  }

  @Test
  void aMonthThatTheServerSaysItDroppedMayBeYounger() {
    sealed("a");
    log.tamper("UPDATE audit_event SET at = now()");
    log.tamper("DELETE FROM audit_seal");
    awaitSealed(1);
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(100));
    new Retention(log.database(), Duration.ofDays(31), later).keep();
    awaitSealed(1);
    assertEquals(List.of(), log.verify().faults());
  }

  /** Old ones, but for {@code recent}, in a seal. */
  private void sealed(String... references) {
    log.append(references);
    for (String reference : references) {
      if (!reference.equals("recent")) {
        backdate(reference, "2020-03-15T12:00:00Z");
      }
    }
    awaitSealed(references.length);
  }

  private void backdate(String reference, String at) {
    log.tamper(
        "UPDATE audit_event SET at = ? WHERE reference = ?",
        Instant.parse(at).atOffset(ZoneOffset.UTC),
        reference);
  }

  private void keep(int days) {
    new Retention(log.database(), Duration.ofDays(days), Clock.systemUTC()).keep();
  }

  private long rows(String table) {
    return log.database()
        .read(
            connection ->
                dev.entrepot.database.Sql.find(
                    connection, "SELECT count(*) FROM " + table, row -> row.getLong(1)))
        .orElseThrow();
  }

  private void awaitSealed(int events) {
    var sealed = new AtomicInteger();
    await().until(() -> sealed.addAndGet(log.seal().orElse(0)) >= events);
  }
}
