package dev.entrepot.auth.federation;

import dev.entrepot.auth.Glob;

/**
 * Matches a claim's text: {@code *} is any text at all, also with slashes and colons; everything
 * else is itself, upper and lower case told apart.
 *
 * @param text 1 to 512 characters
 */
public record ClaimPattern(String text) {
  private static final int MAX_LENGTH = 512;
  private static final int MAX_VALUE_LENGTH = 2048;

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException when it is empty or too long
   */
  public ClaimPattern {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a pattern has 1 to " + MAX_LENGTH + " characters");
    }
  }

  /** Whether the value matches; none does that is longer than 2048 characters. */
  public boolean matches(String value) {
    return value.length() <= MAX_VALUE_LENGTH && Glob.matches(text, value, Glob.NO_BOUNDARY);
  }

  /** Whether it says nothing: every value matches. */
  boolean matchesAll() {
    return text.chars().allMatch(c -> c == '*');
  }
}
