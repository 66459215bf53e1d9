package dev.entrepot.auth;

import java.util.regex.Pattern;

/**
 * Matches repositories' canonical names: {@code *} is any text within one path component, {@code
 * **} any text at all; everything else is itself. {@code acme/*} is what is directly below {@code
 * acme}, {@code acme/**} all of it.
 *
 * @param text 1 to 255 characters, of those that names have and {@code *}
 */
public record RepositoryPattern(String text) {
  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9._/*-]{1,255}");

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException when it could match no name
   */
  public RepositoryPattern {
    if (!ALLOWED.matcher(text).matches() || text.contains("***")) {
      throw new IllegalArgumentException("no pattern of repositories: " + text);
    }
  }

  /** Whether the name matches; takes time linear in its length for each {@code *}. */
  public boolean matches(String name) {
    return matches(0, name, 0);
  }

  private boolean matches(int at, String name, int from) {
    int i = at;
    int j = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '*') {
        boolean deep = i + 1 < text.length() && text.charAt(i + 1) == '*';
        int next = i + (deep ? 2 : 1);
        for (int k = j; k <= name.length(); k++) {
          if (matches(next, name, k)) {
            return true;
          }
          if (k < name.length() && !deep && name.charAt(k) == '/') {
            return false;
          }
        }
        return false;
      }
      if (j >= name.length() || name.charAt(j) != c) {
        return false;
      }
      i++;
      j++;
    }
    return j == name.length();
  }
}
