package dev.entrepot.audit;

import java.time.YearMonth;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was found.
 *
 * @param seals how many there are
 * @param events how many of them are sealed and there
 * @param unsealed how many are not sealed yet
 * @param dropped months whose events were dropped when their time was over
 * @param head the newest seal; null when there is none
 * @param faults what is wrong, in the order of the log; the first of them, where there are many
 */
public record Verification(
    long seals,
    long events,
    long unsealed,
    Set<YearMonth> dropped,
    @Nullable Head head,
    List<String> faults) {

  /** Whether nothing is wrong. */
  public boolean isSound() {
    return faults.isEmpty();
  }
}
