package dev.entrepot.task;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.Replica;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobsIT {
  private static final Duration OFTEN = Duration.ofMillis(10);
  private static final Duration ONCE = Duration.ofDays(1);
  private static final Duration LEASE = Duration.ofSeconds(20);

  private final List<Jobs> servers = new ArrayList<>();
  private TestDatabase test;

  @BeforeEach
  void open() {
    test = TestDatabase.open();
  }

  @AfterEach
  void close() {
    servers.forEach(Jobs::close);
    test.close();
  }

  private Jobs server() {
    Jobs jobs = new Jobs(test.database(), new Replica(), new SimpleMeterRegistry(), LEASE);
    servers.add(jobs);
    return jobs;
  }

  private JobRows rows() {
    return new JobRows(test.database(), new Replica(), LEASE);
  }

  @Test
  void oneServerOfTwoWorksAtATime() {
    AtomicInteger working = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    AtomicBoolean overlapped = new AtomicBoolean();
    for (Jobs jobs : List.of(server(), server())) {
      jobs.every(
          "test",
          OFTEN,
          run -> {
            if (working.incrementAndGet() > 1) {
              overlapped.set(true);
            }
            turns.incrementAndGet();
            run.save("more");
            working.decrementAndGet();
          });
    }
    await().until(() -> turns.get() > 20);
    assertFalse(overlapped.get());
  }

  @Test
  void thePauseIsThatOfAllServersTogether() {
    AtomicInteger turns = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    for (Jobs jobs : List.of(server(), server())) {
      jobs.every("test", ONCE, run -> turns.incrementAndGet());
      jobs.every("other", OFTEN, run -> others.incrementAndGet());
    }
    await().until(() -> others.get() > 20);
    assertEquals(1, turns.get());
  }

  @Test
  void whatADeadServerHasSavedIsGoneOnWithWhenItsLeaseIsOver() {
    JobRows dead = rows();
    dead.create(List.of("test"));
    JobRows.Lease lease = dead.claim(Map.of("test", ONCE)).getFirst();
    dead.save(lease, "half");
    AtomicInteger others = new AtomicInteger();
    List<Optional<String>> found = new CopyOnWriteArrayList<>();
    Jobs alive = server();
    alive.every("test", ONCE, run -> found.add(run.progress()));
    alive.every("other", OFTEN, run -> others.incrementAndGet());
    await().until(() -> others.get() > 5);
    assertEquals(List.of(), found);
    expireLease();
    await().until(() -> !found.isEmpty());
    assertEquals(List.of(Optional.of("half")), found);
  }

  @Test
  void aLostLeaseKeepsNothing() {
    JobRows slow = rows();
    slow.create(List.of("test"));
    JobRows.Lease lost = slow.claim(Map.of("test", ONCE)).getFirst();
    expireLease();
    JobRows other = rows();
    JobRows.Lease held = other.claim(Map.of("test", ONCE)).getFirst();
    assertTrue(other.save(held, "newer"));
    assertFalse(slow.save(lost, "older"));
    assertFalse(slow.renew(lost));
    assertFalse(slow.end(lost, false, null));
    assertTrue(other.end(held, true, null));
    assertEquals("newer", other.claim(Map.of("test", ONCE)).getFirst().progress());
  }

  @Test
  void whoHasLostItsLeaseIsToldAtTheNextSave() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<RuntimeException> thrown = new CopyOnWriteArrayList<>();
    server()
        .every(
            "test",
            ONCE,
            run -> {
              started.countDown();
              uninterruptibly(goOn);
              thrown.add(assertThrows(JobLostException.class, () -> run.save("late")));
              assertTrue(run.isStopping());
            });
    started.await();
    expireLease();
    JobRows.Lease taken = rows().claim(Map.of("test", ONCE)).getFirst();
    goOn.countDown();
    await().until(() -> !thrown.isEmpty());
    assertNull(taken.progress());
  }

  @Test
  void whatFailsIsTriedAgainAndSaysWhy() {
    AtomicInteger turns = new AtomicInteger();
    server()
        .every(
            "test",
            OFTEN,
            run -> {
              turns.incrementAndGet();
              throw new IllegalStateException("broken");
            });
    await().until(() -> turns.get() > 2);
    await()
        .until(
            () ->
                test.database()
                    .read(c -> Sql.exists(c, "SELECT 1 FROM job WHERE last_error LIKE '%broken'")));
  }

  @Test
  void aServerThatStopsWaitsForItsWorkAndLeavesTheRestToOthers() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    AtomicBoolean told = new AtomicBoolean();
    Jobs stopping = server();
    stopping.every(
        "test",
        ONCE,
        run -> {
          started.countDown();
          await().until(run::isStopping);
          run.save("half");
          told.set(true);
        });
    started.await();
    stopping.close();
    assertTrue(told.get());
    List<Optional<String>> found = new CopyOnWriteArrayList<>();
    server().every("test", ONCE, run -> found.add(run.progress()));
    await().until(() -> !found.isEmpty());
    assertEquals(Optional.of("half"), found.getFirst());
  }

  private void expireLease() {
    test.database()
        .read(c -> Sql.update(c, "UPDATE job SET lease_until = now() - interval '1 second'"));
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
