package dev.entrepot.audit;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in the log an event is: the order in which events are sealed, and the key of pages.
 *
 * @param era counts the databases that the log has been moved through
 * @param tx transaction that wrote it
 * @param id tells events of a transaction apart
 */
public record Position(int era, long tx, long id) implements Comparable<Position> {
  /** Before every event. */
  public static final Position START = new Position(0, 0, 0);

  /** After every event. */
  public static final Position END =
      new Position(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})-(\\d{1,18})-(\\d{1,18})");
  private static final Comparator<Position> ORDER =
      Comparator.comparingInt(Position::era)
          .thenComparingLong(Position::tx)
          .thenComparingLong(Position::id);

  /** Reads what {@link #toString} writes. */
  public static Optional<Position> tryParse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
            new Position(
                Integer.parseInt(parts.group(1)),
                Long.parseLong(parts.group(2)),
                Long.parseLong(parts.group(3))))
        : Optional.empty();
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return era + "-" + tx + "-" + id;
  }
}
