package dev.entrepot.tagrule;

import dev.entrepot.auth.Glob;
import dev.entrepot.oci.TagName;
import java.util.regex.Pattern;

/**
 * Matches tags: {@code *} is any text, also none; everything else is itself.
 *
 * @param text 1 to 128 characters, of those that tags have and {@code *}
 */
record TagPattern(String text) {
  /** What patterns look like, as a regular expression. */
  static final String SYNTAX = "[A-Za-z0-9_*][A-Za-z0-9_.*-]{0,127}";

  private static final Pattern ALLOWED = Pattern.compile(SYNTAX);

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException when it could match no tag
   */
  TagPattern {
    if (!ALLOWED.matcher(text).matches()) {
      throw new IllegalArgumentException("no pattern of tags: " + text);
    }
  }

  boolean matches(TagName tag) {
    return Glob.matches(text, tag.value(), Glob.NO_BOUNDARY);
  }
}
