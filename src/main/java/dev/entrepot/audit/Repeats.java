package dev.entrepot.audit;

import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Refusals, sign-ins, and whatever nobody in particular does: keeps what repeats of it from filling
 * the log: the first of a kind is let through, and the others are counted until they are taken. So
 * a flood of refusals becomes a few events that say how many.
 */
final class Repeats {
  /** Told apart at once; what comes beyond, with names made up one after another, is not. */
  private static final int MAX_KEYS = 2_000;

  private record Key(
      AuditKind kind,
      long account,
      boolean refused,
      String actor,
      String credential,
      String address,
      @Nullable String repository,
      @Nullable String reference,
      Map<String, String> detail) {}

  private record Counted(AuditEvent event, long times) {}

  private final ConcurrentMap<Key, Counted> counted = new ConcurrentHashMap<>();

  /** Whether the event was counted with one before it, and so is not to be written. */
  boolean absorb(AuditEvent event) {
    if (!mayRepeat(event)) {
      return false;
    }
    AuditEvent kept = event;
    if (counted.size() >= MAX_KEYS && !counted.containsKey(key(event))) {
      kept = event.withoutNames();
    }
    AuditEvent first = kept;
    Counted now =
        counted.compute(
            key(kept),
            (key, before) ->
                before == null
                    ? new Counted(first, 0)
                    : new Counted(before.event(), before.times() + 1));
    return now.times() > 0;
  }

  /** What was counted since the last time. */
  List<AuditEvent> take() {
    List<AuditEvent> events = new ArrayList<>();
    for (Key key : counted.keySet()) {
      Counted last = counted.remove(key);
      if (last != null && last.times() > 0) {
        events.add(last.event().times(last.times()));
      }
    }
    return events;
  }

  private static boolean mayRepeat(AuditEvent event) {
    return event.refused()
        || event.kind() == AuditKind.SIGN_IN
        || event.actor().subject().isAnonymous();
  }

  private static Key key(AuditEvent event) {
    return new Key(
        event.kind(),
        event.actor().subject().id(),
        event.refused(),
        event.actor().name(),
        event.actor().subject().credential(),
        event.actor().address(),
        event.repository(),
        event.reference(),
        event.detail());
  }
}
