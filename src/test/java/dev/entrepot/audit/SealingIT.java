package dev.entrepot.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.TestDatabase;
import dev.entrepot.tag.AtOnce;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SealingIT {
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
  void anEmptyLogIsSound() {
    assertEquals(Optional.of(0), log.seal());
    assertEquals(List.of(), log.verify().faults());
  }

  @Test
  void eventsAreSealedOnce() {
    log.append("a", "b", "c");
    awaitSealed(3);
    assertEquals(Optional.of(0), log.seal());
    log.append("d");
    assertEquals(1, log.verify().unsealed());
    awaitSealed(1);
    Verification found = log.verify();
    assertEquals(List.of(), found.faults());
    assertEquals(4, found.events());
    assertEquals(0, found.unsealed());
  }

  @Test
  void whatCommitsLateIsSealedInItsPlaceAndOnce() throws Exception {
    try (Connection late = postgres.dataSource().getConnection()) {
      late.setAutoCommit(false);
      AuditLog.append(late, "late");
      log.append("after it");
      assertEquals(Optional.of(0), log.seal());
      late.commit();
      late.setAutoCommit(true);
    }
    awaitSealed(2);
    assertEquals(
        List.of("late", "after it"), log.events().stream().map(RecordedEvent::reference).toList());
    assertEquals(List.of(), log.verify().faults());
  }

  @Test
  void whatIsRolledBackLeavesNoGap() throws Exception {
    try (Connection failing = postgres.dataSource().getConnection()) {
      failing.setAutoCommit(false);
      AuditLog.append(failing, "never");
      failing.rollback();
      failing.setAutoCommit(true);
    }
    log.append("a");
    awaitSealed(1);
    assertEquals(List.of(), log.verify().faults());
  }

  @Test
  void anotherSealerWaitsForNothing() throws Exception {
    log.append("a");
    try (Connection sealer = postgres.dataSource().getConnection()) {
      sealer.setAutoCommit(false);
      assertTrue(SealRows.tryLock(sealer));
      assertEquals(Optional.empty(), log.seal());
      sealer.rollback();
      sealer.setAutoCommit(true);
    }
    awaitSealed(1);
  }

  @Test
  void sealersAndWritersAtOnceMakeOneChain() throws Exception {
    var sealed = new AtomicInteger();
    AtOnce.atOnce(
        6,
        i -> {
          for (int n = 0; n < 50; n++) {
            if (i < 2) {
              sealed.addAndGet(log.seal().orElse(0));
            } else {
              log.append(i + "/" + n);
            }
          }
          return log.verify().faults(); // while the others go on
        });
    awaitSealed(200 - sealed.get());
    Verification found = log.verify();
    assertEquals(List.of(), found.faults());
    assertEquals(200, found.events());
  }

  @Test
  void aSealIsOfOneMonth() {
    log.append("a", "b", "c");
    log.tamper("UPDATE audit_event SET at = at - interval '40 days' WHERE reference = 'a'");
    awaitSealed(3);
    Verification found = log.verify();
    assertEquals(2, found.seals());
    assertEquals(List.of(), found.faults());
  }

  @Test
  void theHeadNamesTheNewestSeal() {
    log.append("a");
    awaitSealed(1);
    Head head = log.verify().head();
    assertEquals(1, head.seal());
    assertEquals(Optional.of(head), Head.tryParse(head.toString()));
    assertTrue(log.verify(head).isSound());
    log.append("b");
    awaitSealed(1);
    assertTrue(log.verify(head).isSound());
    assertFalse(log.verify().head().equals(head));
  }

  @Test
  void afterAnImportTheLogGoesOnInANewEra() {
    log.append("before");
    log.tamper("UPDATE audit_event SET tx = '9000000000'::xid8");
    assertEquals(Optional.of(0), log.seal());
    log.tamper("ALTER TABLE audit_event ALTER COLUMN era SET DEFAULT 2");
    log.append("after");
    awaitSealed(2);
    Verification found = log.verify();
    assertEquals(List.of(), found.faults());
    assertEquals(
        List.of("before", "after"), log.events().stream().map(RecordedEvent::reference).toList());
  }

  @Test
  void withoutANewEraNothingIsSealedAfterAnImport() {
    log.append("a");
    awaitSealed(1);
    log.tamper("UPDATE audit_seal SET tx = '9000000000'::xid8");
    log.append("b");
    assertThrows(IllegalStateException.class, () -> log.seal());
  }

  /** Other tests' transactions in the same PostgreSQL may hold it up for a moment. */
  private void awaitSealed(int events) {
    var sealed = new AtomicInteger();
    await().until(() -> sealed.addAndGet(log.seal().orElse(0)) >= events);
    assertEquals(events, sealed.get());
  }
}
