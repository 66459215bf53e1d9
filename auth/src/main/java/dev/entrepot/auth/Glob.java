package dev.entrepot.auth;

/**
 * Patterns with stars: {@code *} is any text without the boundary character, {@code **} any text at
 * all, both also none; everything else is itself.
 */
public final class Glob {
  /** Says that {@code *} may cross every character, and so is what {@code **} is. */
  public static final int NO_BOUNDARY = -1;

  private Glob() {}

  /**
   * Whether the pattern matches the whole text. Takes time in the product of the two lengths at
   * worst, whatever the pattern: patterns come from users.
   *
   * @param boundary the character that one star does not match, or {@link #NO_BOUNDARY}
   */
  public static boolean matches(String pattern, String text, int boundary) {
    // reached[j]: the pattern, as far as it is read, matches the first j characters of the text.
    boolean[] reached = new boolean[text.length() + 1];
    reached[0] = true;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '*') {
        for (int j = text.length(); j > 0; j--) {
          reached[j] = reached[j - 1] && text.charAt(j - 1) == c;
        }
        reached[0] = false;
        continue;
      }
      boolean any = boundary == NO_BOUNDARY;
      if (i + 1 < pattern.length() && pattern.charAt(i + 1) == '*') {
        any = true;
        i++;
      }
      for (int j = 1; j <= text.length(); j++) {
        reached[j] |= reached[j - 1] && (any || text.charAt(j - 1) != boundary);
      }
    }
    return reached[text.length()];
  }
}
