package dev.entrepot.oci;

import java.util.Optional;

/**
 * A tag: distribution-spec, "Pulling manifests": {@code [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}}.
 *
 * @param value its text
 */
public record TagName(String value) implements Comparable<TagName> {
  private static final int MAX_LENGTH = 128;

  public TagName {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a tag name");
    }
  }

  /** Reads a tag; empty when it breaks the grammar. */
  public static Optional<TagName> tryParse(String tag) {
    return isValid(tag) ? Optional.of(new TagName(tag)) : Optional.empty();
  }

  @Override
  public int compareTo(TagName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean isValid(String tag) {
    if (tag.isEmpty() || tag.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < tag.length(); i++) {
      char c = tag.charAt(i);
      boolean word =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      if (!word && (i == 0 || (c != '.' && c != '-'))) {
        return false;
      }
    }
    return true;
  }
}
