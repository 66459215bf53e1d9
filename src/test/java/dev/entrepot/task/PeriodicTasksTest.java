package dev.entrepot.task;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicTasksTest {
  private static final Duration NEVER = Duration.ofDays(1);

  @Test
  void whatFailedIsTriedAgain() {
    AtomicInteger runs = new AtomicInteger();
    try (PeriodicTasks tasks = new PeriodicTasks("test")) {
      tasks.runEvery(
          Duration.ofMillis(1),
          "test",
          () -> {
            runs.incrementAndGet();
            throw new IllegalStateException("fails");
          });
      await().until(() -> runs.get() > 1);
    }
  }

  @Test
  void closeWaitsForWhatIsUnderWayAndDoesNotInterruptIt() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    PeriodicTasks tasks = new PeriodicTasks("test");
    tasks.runNowAndEvery(
        NEVER,
        "test",
        () -> {
          started.countDown();
          try {
            goOn.await();
            ended.set(true);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    started.await();
    Thread closing = Thread.ofVirtual().start(tasks::close);
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    assertFalse(ended.get());
    goOn.countDown();
    closing.join();
    assertTrue(ended.get());
  }

  @Test
  void nothingStartsAfterClose() {
    AtomicInteger runs = new AtomicInteger();
    PeriodicTasks tasks = new PeriodicTasks("test");
    tasks.runNowAndEvery(Duration.ofMillis(1), "test", runs::incrementAndGet);
    await().until(() -> runs.get() > 0);
    tasks.close();
    int then = runs.get();
    await().during(Duration.ofMillis(50)).until(() -> runs.get() == then);
    assertEquals(then, runs.get());
  }
}
