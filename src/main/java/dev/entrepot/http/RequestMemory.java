package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory that requests hold for as long as their clients please: large answers that are not
 * read, manifests that come slowly. When it is spent, the request gives way whose client has stood
 * still the longest. So whoever goes on is served, however many do not.
 */
final class RequestMemory {
  private final long limit;

  /** Who can give way; who went on last stands last. */
  private final SequencedSet<Lease> waiting = new LinkedHashSet<>();

  /** Content that several requests hold, counted once; with how many they are. */
  private final Map<Object, Integer> shared = new IdentityHashMap<>();

  private long used;

  RequestMemory(long limit) {
    this.limit = limit;
  }

  /**
   * Starts with nothing.
   *
   * @param giveWay called once at most, in whatever thread, when the request has to end for
   *     another; must be quick
   */
  Lease lease(Runnable giveWay) {
    return new Lease(giveWay);
  }

  synchronized long used() {
    return used;
  }

  /** What one request holds. */
  final class Lease implements AutoCloseable {
    private final Runnable giveWay;
    private long bytes;
    private @Nullable Object content;
    private long contentSize;
    private boolean pinned;
    private boolean over;

    private Lease(Runnable giveWay) {
      this.giveWay = giveWay;
    }

    /**
     * Holds more, for which others may have to give way.
     *
     * @throws RegistryException UNAVAILABLE when none can, or when this one has had to
     */
    void grow(long more) {
      makeRoom(() -> take(more));
    }

    /**
     * Holds content, which counts once however many requests hold the same object, and some bytes
     * of its own. Once for a lease; throws like {@link #grow}.
     */
    void hold(Object content, long contentSize, long own) {
      makeRoom(
          () -> {
            boolean fits = take(own + (shared.containsKey(content) ? 0 : contentSize));
            if (fits) {
              shared.merge(content, 1, Integer::sum);
              this.content = content;
              this.contentSize = contentSize;
              bytes = own; // the content is given back by the last who holds it
            }
            return fits;
          });
    }

    private boolean take(long more) {
      if (used + more > limit) {
        return false;
      }
      used += more;
      bytes += more;
      return true;
    }

    private void makeRoom(BooleanSupplier taking) {
      Optional<Lease> other;
      do {
        other = takeOrEndAnother(taking);
        other.ifPresent(lease -> lease.giveWay.run());
      } while (other.isPresent());
    }

    private Optional<Lease> takeOrEndAnother(BooleanSupplier taking) {
      synchronized (RequestMemory.this) {
        if (over) {
          throw new RegistryException(ErrorCode.UNAVAILABLE);
        }
        if (taking.getAsBoolean()) {
          standLast();
          return Optional.empty();
        }
        Lease longestStill =
            waiting.stream()
                .filter(lease -> lease != this)
                .findFirst()
                .orElseThrow(() -> new RegistryException(ErrorCode.UNAVAILABLE));
        longestStill.end();
        return Optional.of(longestStill);
      }
    }

    /** The client has gone on: it has read or sent something. */
    void progress() {
      synchronized (RequestMemory.this) {
        standLast();
      }
    }

    /** From here on the client is not waited for: this one does not give way any more. */
    void pin() {
      synchronized (RequestMemory.this) {
        pinned = true;
        waiting.remove(this);
      }
    }

    /** Gives all back. Idempotent. */
    @Override
    public void close() {
      synchronized (RequestMemory.this) {
        end();
      }
    }

    private void standLast() {
      if (!over && !pinned) {
        waiting.addLast(this); // moves it when it stood elsewhere
      }
    }

    private void end() {
      over = true;
      waiting.remove(this);
      used -= bytes;
      bytes = 0;
      if (content != null) {
        shared.computeIfPresent(content, (key, holders) -> holders == 1 ? null : holders - 1);
        used -= shared.containsKey(content) ? 0 : contentSize;
        content = null;
      }
    }
  }
}
