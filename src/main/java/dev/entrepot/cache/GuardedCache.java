package dev.entrepot.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineStatsCounter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cache of what the database says, bounded in bytes.
 *
 * <p>A value that was being loaded while its key was invalidated is handed to those who waited for
 * it, and not kept: what it was read from may be older than the change. Several callers that miss
 * the same key share one load. Absence is not kept.
 *
 * @param <K> keys, equal by value
 * @param <V> values, immutable
 */
public final class GuardedCache<K, V> {
  private static final int STRIPES = 1024;

  private final Cache<K, V> cache;
  private final ConcurrentMap<K, CompletableFuture<@Nullable V>> loading =
      new ConcurrentHashMap<>();
  // Counts invalidations, by stripe of the key's hash: a load that began at another count is stale.
  private final AtomicLongArray invalidations = new AtomicLongArray(STRIPES);

  /**
   * Makes an empty cache.
   *
   * @param name for the metrics
   * @param maxBytes bound of the sum of weights
   * @param weigher bytes that a key and its value take
   */
  public GuardedCache(String name, long maxBytes, Weigher<K, V> weigher, MeterRegistry metrics) {
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(weigher)
            .executor(Runnable::run)
            .recordStats(() -> new CaffeineStatsCounter(metrics, name))
            .build();
  }

  /** The value in memory; null when it must be loaded. Never blocks. */
  public @Nullable V peek(K key) {
    return cache.getIfPresent(key);
  }

  /**
   * The value, from memory or else by the loader, in a thread that may block.
   *
   * @param loader null for absent; what it throws is thrown here, and to all who wait with it
   */
  public @Nullable V get(K key, Function<K, @Nullable V> loader) {
    V hit = cache.getIfPresent(key);
    return hit != null ? hit : reload(key, loader);
  }

  /** Like {@link #get}, without asking memory: for a value that has to be checked again. */
  public @Nullable V reload(K key, Function<K, @Nullable V> loader) {
    CompletableFuture<@Nullable V> mine = new CompletableFuture<>();
    CompletableFuture<@Nullable V> other = loading.putIfAbsent(key, mine);
    if (other != null) {
      return await(other);
    }
    try {
      long begun = invalidations.get(stripe(key));
      V value = loader.apply(key);
      if (value != null) {
        cache.asMap().compute(key, (k, old) -> invalidations.get(stripe(k)) == begun ? value : old);
      }
      mine.complete(value);
      return value;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      loading.remove(key, mine);
    }
  }

  /** Forgets the key, and whatever is being loaded for it now. */
  public void invalidate(K key) {
    invalidations.incrementAndGet(stripe(key));
    // After this line no load that began before it may be joined by callers that come after it.
    loading.remove(key);
    cache.asMap().remove(key);
  }

  /** Forgets all keys, and whatever is being loaded now. */
  public void invalidateAll() {
    invalidateIf(key -> true);
  }

  /** Forgets these keys, and whatever is being loaded for them. Looks at all there are. */
  public void invalidateIf(Predicate<K> which) {
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      invalidations.incrementAndGet(stripe);
    }
    loading.keySet().removeIf(which);
    cache.asMap().keySet().removeIf(which);
  }

  private int stripe(K key) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 16) & (STRIPES - 1);
  }

  private static <V> @Nullable V await(CompletableFuture<@Nullable V> other) {
    try {
      return other.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new CompletionException(e.getCause());
    }
  }
}
