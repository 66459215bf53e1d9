package dev.entrepot.audit;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three seals of two events each; somebody with the database's password at work. */
class TamperingIT {
  private static final String COPY_OF_C =
      """
      INSERT INTO audit_event (era, tx, at, kind, outcome, actor_kind, actor_id, actor, credential,
        address, request_id, reference, count)
      SELECT era, tx, at, kind, outcome, actor_kind, actor_id, actor, credential, address,
        request_id, 'forged', count FROM audit_event WHERE reference = 'c'
      """;

  private TestDatabase postgres;
  private AuditLog log;
  private Head head;

  @BeforeEach
  void open() {
    postgres = TestDatabase.open();
    log = new AuditLog(postgres);
    for (List<String> batch : List.of(List.of("a", "b"), List.of("c", "d"), List.of("e", "f"))) {
      log.append(batch.toArray(String[]::new));
      await().until(() -> log.seal().orElse(0) == 2);
    }
    head = log.verify().head();
    assertEquals(3, head.seal());
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @ParameterizedTest
  @CsvSource({
    "actor, 'somebody else'",
    "reference, other",
    "outcome, refused",
    "address, 192.0.2.9",
    "repository, a/b",
    "kind, sign-in",
    "credential, token:9"
  })
  void aChangedEventIsNamed(String column, String value) {
    RecordedEvent event = event("c");
    log.tamper("UPDATE audit_event SET " + column + " = ? WHERE reference = 'c'", value);
    assertFault("event " + event.position() + " was changed (seal 2)");
  }

  @Test
  void aChangedTimeIsNamed() {
    RecordedEvent event = event("d");
    log.tamper("UPDATE audit_event SET at = at + interval '1 us' WHERE reference = 'd'");
    assertFault("event " + event.position() + " was changed (seal 2)");
  }

  @Test
  void aRemovedEventIsNamed() {
    RecordedEvent event = event("d");
    log.tamper("DELETE FROM audit_event WHERE reference = 'd'");
    assertFault("the event with the id " + event.position().id() + " was removed (seal 2)");
  }

  @Test
  void aRemovedFirstEventIsNamed() {
    RecordedEvent event = event("a");
    log.tamper("DELETE FROM audit_event WHERE reference = 'a'");
    assertFault("the event with the id " + event.position().id() + " was removed (seal 1)");
  }

  @Test
  void anInsertedEventIsNamed() {
    log.tamper(COPY_OF_C);
    assertFault("event " + event("forged").position() + " was inserted (seal 2)");
  }

  @Test
  void eventsInAnotherOrderAreFound() {
    log.tamper(
        """
        UPDATE audit_event one SET tx = other.tx FROM audit_event other
        WHERE (one.reference, other.reference) IN (('c', 'd'), ('d', 'c'))
        """);
    assertFalse(log.verify().isSound());
  }

  @Test
  void aRemovedSealIsFound() {
    log.tamper("DELETE FROM audit_seal WHERE number = 2");
    assertFault("seals 2 to 2 were removed");
  }

  @Test
  void aRemovedStartIsFound() {
    log.tamper("DELETE FROM audit_event WHERE reference IN ('a', 'b')");
    log.tamper("DELETE FROM audit_seal WHERE number = 1");
    assertFault("seals 1 to 1 were removed");
  }

  @Test
  void aSealThatDeclaresOtherEventsIsForged() {
    log.tamper("DELETE FROM audit_event WHERE reference = 'd'");
    log.tamper(
        """
        UPDATE audit_seal SET events = 1, leaves = substr(leaves, 1, 40),
          content = sha256(substr(leaves, 1, 40)) WHERE number = 2
        """);
    assertFault("seal 2 was changed");
  }

  @Test
  void aSealWithAHashToMatchIsForged() {
    Seal old = seal(2);
    var forged =
        new Seal(
            2,
            old.previous(),
            old.month(),
            old.last(),
            2,
            5,
            old.sealedAt(),
            old.content(),
            old.kid());
    log.tamper(
        "UPDATE audit_seal SET total = 5, hash = ? WHERE number = 2", (Object) forged.hash());
    assertFault("seal 2 is forged: its signature is wrong");
  }

  @Test
  void aSealOfAnotherKeyIsFound() {
    log.tamper("UPDATE audit_key SET public_key = ?", (Object) SealKey.generate().encodedPublic());
    assertFault("seal 1 is signed with the key " + seal(1).kid() + ", which is not there");
  }

  @Test
  void aMonthRemovedBeforeItsTimeIsFound() {
    log.tamper("DELETE FROM audit_event");
    log.tamper("UPDATE audit_seal SET leaves = NULL");
    assertThat(log.verify().faults().getFirst(), containsString("were removed before their time"));
  }

  @Test
  void aRemovedEndIsFoundByAKeptHead() {
    log.tamper("DELETE FROM audit_event WHERE reference IN ('e', 'f')");
    log.tamper("DELETE FROM audit_seal WHERE number = 3");
    assertTrue(log.verify().isSound());
    assertEquals(
        "the log ends before seal 3, which was kept: its end was removed",
        log.verify(head).faults().getFirst());
  }

  @Test
  void aLogMadeAnewIsFoundByAKeptHead() {
    log.tamper("DELETE FROM audit_event WHERE reference = 'a'");
    log.tamper("DELETE FROM audit_seal");
    await().until(() -> log.seal().orElse(0) == 5);
    assertTrue(log.verify().isSound());
    assertFalse(log.verify(new Head(1, head.hash())).isSound());
    assertFalse(log.verify(head).isSound());
  }

  private void assertFault(String first) {
    assertEquals(first, log.verify().faults().getFirst());
  }

  private RecordedEvent event(String reference) {
    return log.events().stream()
        .filter(event -> reference.equals(event.reference()))
        .findFirst()
        .orElseThrow();
  }

  private Seal seal(long number) {
    return log.database()
        .read(
            connection ->
                dev.entrepot.database.Sql.find(
                    connection,
                    "SELECT " + SealRows.COLUMNS + " FROM audit_seal WHERE number = ?",
                    SealRows::read,
                    number))
        .orElseThrow()
        .seal();
  }
}
