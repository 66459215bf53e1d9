package dev.entrepot.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditQueueIT {
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private TestDatabase postgres;
  private AuditLog log;
  private AuditQueue queue;

  @BeforeEach
  void open() {
    postgres = TestDatabase.open();
    log = new AuditLog(postgres);
    queue = new AuditQueue(postgres.database(), 10, Duration.ofHours(1), metrics);
  }

  @AfterEach
  void close() {
    queue.stop(new ShutdownEvent());
    postgres.close();
  }

  @Test
  void theFirstRefusalIsWrittenSoonAndTheOthersAreCounted() {
    queue.start(new StartupEvent());
    for (int i = 0; i < 100; i++) {
      queue.note(denied("anna", "acme/app"));
    }
    queue.note(denied("anna", "acme/other"));
    queue.note(denied("bob", "acme/app"));
    await().until(() -> log.events().size() == 3);
    queue.stop(new ShutdownEvent());
    assertEquals(
        List.of("anna acme/app 1", "anna acme/app 99", "anna acme/other 1", "bob acme/app 1"),
        log.events().stream()
            .map(event -> event.actor() + " " + event.repository() + " " + event.count())
            .sorted()
            .toList());
  }

  @Test
  void whatIsDoneIsNotCountedTogether() {
    queue.start(new StartupEvent());
    for (int i = 0; i < 3; i++) {
      queue.note(AuditEvent.of(AuditKind.TOKEN_ISSUE, actor("anna"), null));
    }
    await().until(() -> log.events().size() == 3);
  }

  @Test
  void whatDoesNotFitIsCountedAndNobodyWaits() {
    for (int i = 0; i < 25; i++) { // nobody writes yet
      queue.note(AuditEvent.of(AuditKind.TOKEN_ISSUE, actor("anna"), "token " + i));
    }
    assertEquals(15, metrics.get("entrepot.audit.lost").counter().count());
    queue.start(new StartupEvent());
    await().until(() -> log.events().size() == 11);
    RecordedEvent lost = log.events().getLast();
    assertEquals(AuditKind.AUDIT_LOST.text(), lost.kind());
    assertEquals(15, lost.count());
    assertEquals("system", lost.actorKind());
  }

  @Test
  void namesMadeUpOneAfterAnotherBecomeFewEvents() {
    var repeats = new Repeats();
    int written = 0;
    for (int i = 0; i < 10_000; i++) {
      written += repeats.absorb(denied("anna", "made/up" + i)) ? 0 : 1;
    }
    assertTrue(written < 2_100, written + " events");
    long counted = repeats.take().stream().mapToLong(AuditEvent::count).sum();
    assertEquals(10_000, written + counted);
  }

  private static AuditEvent denied(String name, String repository) {
    return AuditEvent.in(repository, AuditKind.DENIED, actor(name), null, null).asRefused();
  }

  private static Actor actor(String name) {
    return new Actor(
        new Subject(Subject.Kind.USER, name.hashCode(), name, "password", Limits.NONE),
        "192.0.2.1",
        "");
  }
}
