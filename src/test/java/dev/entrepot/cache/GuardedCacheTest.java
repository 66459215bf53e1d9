package dev.entrepot.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GuardedCacheTest {
  private final GuardedCache<String, String> cache =
      new GuardedCache<>("test", 1000, (k, v) -> v.length(), new SimpleMeterRegistry());

  @Test
  void aLoadedValueIsKept() {
    AtomicInteger loads = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      assertEquals("v", cache.get("k", k -> "v" + (loads.incrementAndGet() > 1 ? "!" : "")));
    }
    assertEquals("v", cache.peek("k"));
  }

  @Test
  void absenceIsNotKept() {
    assertNull(cache.get("k", k -> null));
    assertEquals("v", cache.get("k", k -> "v"));
  }

  @Test
  void aFailedLoadIsNotKept() {
    assertThrows(
        IllegalStateException.class,
        () ->
            cache.get(
                "k",
                k -> {
                  throw new IllegalStateException();
                }));
    assertEquals("v", cache.get("k", k -> "v"));
  }

  @Test
  void aFillBegunBeforeAnInvalidationIsDiscarded() {
    assertEquals(
        "old",
        cache.get(
            "k",
            k -> {
              cache.invalidate("k");
              return "old";
            }));
    assertNull(cache.peek("k"));
  }

  @Test
  void forgettingAllForgetsWhatIsBeingLoadedToo() {
    cache.get("kept", k -> "v");
    cache.get(
        "k",
        k -> {
          cache.invalidateAll();
          return "old";
        });
    assertNull(cache.peek("kept"));
    assertNull(cache.peek("k"));
  }

  @Test
  void whoAsksAfterAnInvalidationDoesNotJoinAnEarlierLoad() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch invalidated = new CountDownLatch(1);
    CompletableFuture<String> early =
        CompletableFuture.supplyAsync(
            () ->
                cache.get(
                    "k",
                    k -> {
                      loading.countDown();
                      await(invalidated);
                      return "old";
                    }));
    loading.await();
    cache.invalidate("k");
    assertEquals("new", cache.get("k", k -> "new"));
    invalidated.countDown();
    assertEquals("old", early.get(1, TimeUnit.MINUTES));
    assertEquals("new", cache.peek("k"));
  }

  @Test
  void callersThatMissTogetherShareOneLoad() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger loads = new AtomicInteger();
    CompletableFuture<String> first =
        CompletableFuture.supplyAsync(
            () ->
                cache.get(
                    "k",
                    k -> {
                      loads.incrementAndGet();
                      loading.countDown();
                      await(go);
                      return "v";
                    }));
    loading.await();
    CompletableFuture<String> second =
        CompletableFuture.supplyAsync(() -> cache.get("k", k -> "v" + loads.incrementAndGet()));
    go.countDown();
    assertEquals("v", first.get(1, TimeUnit.MINUTES));
    assertEquals("v", second.get(1, TimeUnit.MINUTES));
    assertEquals(1, loads.get());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
