package dev.entrepot.database;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which transactions of the database somebody has seen: PostgreSQL's {@code pg_snapshot}. Unlike a
 * time it is exact: no clock takes part, and no change that is committed late is taken for seen.
 *
 * @param before all transactions before this one have ended
 * @param from no transaction from this one on was seen
 * @param running those in between that had not ended
 */
public record Seen(long before, long from, List<Long> running) {
  /** Seen nothing: whatever was changed counts as changed after this. */
  public static final Seen NOTHING = new Seen(0, 0, List.of());

  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,18}):([0-9]{1,18}):((?:[0-9]{1,18}(?:,[0-9]{1,18})*)?)");

  /** So that the text stays short: with more, everything that was still running counts as such. */
  private static final int MAX_RUNNING = 16;

  public Seen {
    if (running.size() > MAX_RUNNING) {
      from = before;
      running = List.of();
    }
    running = List.copyOf(running);
  }

  /** Reads what {@link #text} writes, and PostgreSQL; what is no such text has seen nothing. */
  public static Seen parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return NOTHING;
    }
    String running = matcher.group(3);
    return new Seen(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        running.isEmpty()
            ? List.of()
            : Arrays.stream(running.split(",")).map(Long::valueOf).toList());
  }

  /** As PostgreSQL writes it. */
  public String text() {
    return before
        + ":"
        + from
        + ":"
        + running.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Whether it has seen what the transaction did. */
  public boolean sees(long transaction) {
    return transaction < before || transaction < from && !running.contains(transaction);
  }
}
