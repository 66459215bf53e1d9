package dev.entrepot.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * So many requests in so much time for each caller. Each has a bucket of tokens that refills
 * evenly. One that has not been used for the whole time is full, and need not be kept.
 */
final class Allowance {
  private final long limit;
  private final Duration window;
  private final TimeMeter clock;
  private final Bandwidth bandwidth;
  private final Cache<String, Bucket> buckets;

  /**
   * What is left to a caller.
   *
   * @param granted whether the request may go on
   * @param remaining how many more may come now
   * @param retrySeconds when another one may come, where this one may not
   */
  record Verdict(boolean granted, long remaining, long retrySeconds) {}

  private Allowance(long limit, Duration window, long maxCallers, TimeMeter clock) {
    this.limit = limit;
    this.window = window;
    this.clock = clock;
    this.bandwidth = Bandwidth.builder().capacity(limit).refillGreedy(limit, window).build();
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(maxCallers)
            .expireAfterAccess(window)
            .ticker(clock::currentTimeNanos)
            .build();
  }

  /** An allowance; null when {@code limit} is 0, which is no limit. */
  static @Nullable Allowance of(long limit, Duration window, long maxCallers, TimeMeter clock) {
    return limit == 0 ? null : new Allowance(limit, window, maxCallers, clock);
  }

  /** Takes one request off a caller's allowance, if any is left. */
  Verdict take(String caller) {
    var probe = bucket(caller).tryConsumeAndReturnRemaining(1);
    long wait = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
    return new Verdict(probe.isConsumed(), probe.getRemainingTokens(), wait);
  }

  /** What is left, without taking anything. */
  Verdict look(String caller) {
    return new Verdict(true, bucket(caller).getAvailableTokens(), 0);
  }

  private Bucket bucket(String caller) {
    return buckets.get(
        caller, key -> Bucket.builder().addLimit(bandwidth).withCustomTimePrecision(clock).build());
  }

  /** {@code 100;w=21600}: a number of requests and the time it is for, as Docker Hub tells it. */
  String inWindow(long number) {
    return number + ";w=" + seconds();
  }

  long seconds() {
    return window.toSeconds();
  }

  long limit() {
    return limit;
  }

  /** How many callers are remembered. */
  long callers() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }
}
