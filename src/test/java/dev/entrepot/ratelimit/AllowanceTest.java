package dev.entrepot.ratelimit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  private long now;

  private final TimeMeter clock =
      new TimeMeter() {
        @Override
        public long currentTimeNanos() {
          return now;
        }

        @Override
        public boolean isWallClockBased() {
          return false;
        }
      };

  private final Allowance allowance = Allowance.of(3, Duration.ofSeconds(30), 100, clock);

  @Test
  void soManyAreGrantedAndNoMore() {
    for (int left = 2; left >= 0; left--) {
      assertEquals(new Allowance.Verdict(true, left, 1), allowance.take("a"));
    }
    assertFalse(allowance.take("a").granted());
  }

  @Test
  void eachCallerHasItsOwn() {
    exhaust("a");
    assertTrue(allowance.take("b").granted());
  }

  @Test
  void whoWaitsAsLongAsToldIsGrantedOneMore() {
    exhaust("a");
    Allowance.Verdict refused = allowance.take("a");
    assertEquals(11, refused.retrySeconds());
    now += Duration.ofSeconds(refused.retrySeconds()).toNanos();
    assertTrue(allowance.take("a").granted());
    assertFalse(allowance.take("a").granted());
  }

  @Test
  void afterTheWindowAllOfItIsThereAgain() {
    exhaust("a");
    now += Duration.ofSeconds(30).toNanos();
    assertEquals(3, allowance.look("a").remaining());
  }

  @Test
  void lookingTakesNothing() {
    allowance.look("a");
    assertEquals(3, allowance.look("a").remaining());
  }

  @Test
  void callersAreForgottenBeyondTheMost() {
    for (int i = 0; i < 10_000; i++) {
      allowance.take("caller " + i);
    }
    assertTrue(allowance.callers() <= 100, "remembered " + allowance.callers());
  }

  @Test
  void whoHasAFullBucketIsForgotten() {
    allowance.take("a");
    now += Duration.ofSeconds(31).toNanos();
    assertEquals(0, allowance.callers());
  }

  @Test
  void noneIsNoLimit() {
    assertNull(Allowance.of(0, Duration.ofSeconds(30), 100, clock));
  }

  private void exhaust(String caller) {
    for (int i = 0; i < 3; i++) {
      allowance.take(caller);
    }
  }
}
