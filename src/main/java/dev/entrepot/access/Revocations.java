package dev.entrepot.access;

import dev.entrepot.database.Seen;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What has changed so recently that a token issued before may still be about. Names are those of
 * {@code access_change}. Changes older than the longest life of a token are forgotten.
 */
@Singleton
public class Revocations {
  private record Change(long transaction, long atNanos) {}

  private final Map<String, List<Change>> changes = new ConcurrentHashMap<>();
  private final AtomicLong revision = new AtomicLong();

  /**
   * Changes whenever something is revoked. A token that was good at a revision is good at the same
   * revision; ask for it before asking {@link #covers}.
   */
  public long revision() {
    return revision.get();
  }

  /** Whether one of these was revoked in a way that whoever issued the token had not seen. */
  public boolean covers(Collection<String> names, Seen seen) {
    for (String name : names) {
      for (Change change : changes.getOrDefault(name, List.of())) {
        if (!seen.sees(change.transaction())) {
          return true;
        }
      }
    }
    return false;
  }

  void add(ChangeRow row, long nowNanos) {
    Change change = new Change(row.transaction(), nowNanos - row.ageMillis() * 1_000_000);
    changes.merge(
        row.what(),
        List.of(change),
        (old, added) -> Stream.concat(old.stream(), added.stream()).toList());
    revision.incrementAndGet();
  }

  void forget(long olderThanNanos) {
    for (String name : changes.keySet()) {
      changes.computeIfPresent(
          name,
          (key, list) -> {
            List<Change> kept =
                list.stream().filter(change -> change.atNanos() - olderThanNanos > 0).toList();
            return kept.isEmpty() ? null : kept;
          });
    }
  }
}
