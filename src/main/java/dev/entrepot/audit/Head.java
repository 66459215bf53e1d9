package dev.entrepot.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A seal as it is kept outside of the database, to be compared later.
 *
 * @param seal its number
 * @param hash in hexadecimal digits
 */
public record Head(long seal, String hash) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

  /** Reads what {@link #toString} writes. */
  public static Optional<Head> tryParse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(new Head(Long.parseLong(parts.group(1)), parts.group(2)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return seal + ":" + hash;
  }
}
