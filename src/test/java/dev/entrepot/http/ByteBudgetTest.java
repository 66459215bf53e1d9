package dev.entrepot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private final ByteBudget budget = new ByteBudget(100);
  private final AtomicInteger woken = new AtomicInteger();

  @Test
  void takingWithinTheBudgetIsAllowed() {
    assertTrue(budget.take(99));
  }

  @Test
  void whatHasArrivedIsCountedEvenBeyondTheBudget() {
    assertFalse(budget.take(150));
    assertEquals(150, budget.used());
  }

  @Test
  void whoWaitsIsWokenOnceThereIsRoom() {
    budget.take(120);
    budget.whenFree(woken::incrementAndGet);
    budget.release(30);
    assertEquals(0, woken.get());
    budget.release(30);
    assertEquals(1, woken.get());
    budget.release(30);
    assertEquals(1, woken.get());
  }

  @Test
  void whoFindsRoomDoesNotWait() {
    budget.whenFree(woken::incrementAndGet);
    assertEquals(1, woken.get());
  }
}
