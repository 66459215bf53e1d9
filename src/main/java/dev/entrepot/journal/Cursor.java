package dev.entrepot.journal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far the journal has come.
 *
 * @param position all changes up to it are in the journal
 * @param repository as long as not all repositories were written once: the id of the last one
 */
record Cursor(Position position, @Nullable Long repository) {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,9})-(\\d{1,18})-(\\d{1,18})(?: (\\d{1,18}))?");

  /** Reads what {@link #toString} writes. */
  static Optional<Cursor> tryParse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
            new Cursor(
                new Position(
                    Integer.parseInt(parts.group(1)),
                    Long.parseLong(parts.group(2)),
                    Long.parseLong(parts.group(3))),
                parts.group(4) == null ? null : Long.valueOf(parts.group(4))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    String text = position.era() + "-" + position.tx() + "-" + position.id();
    return repository == null ? text : text + " " + repository;
  }
}
