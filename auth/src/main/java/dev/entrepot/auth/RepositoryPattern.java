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

  /** Whether the name matches. */
  public boolean matches(String name) {
    return Glob.matches(text, name, '/');
  }
}
