package dev.entrepot.storage;

import java.util.regex.Pattern;

/**
 * The name of an object of a {@link StoreJournal}: a folder of two hex digits, a slash, and
 * lower-case letters, digits and dots.
 *
 * @param value the text
 */
public record JournalName(String value) implements Comparable<JournalName> {
  private static final Pattern VALID = Pattern.compile("[0-9a-f]{2}/[0-9a-z.]{1,150}");

  public JournalName {
    if (!VALID.matcher(value).matches()) {
      throw new IllegalArgumentException("not the name of an object of a journal");
    }
  }

  /** Whether a text is such a name. */
  public static boolean isValid(String text) {
    return VALID.matcher(text).matches();
  }

  @Override
  public int compareTo(JournalName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
