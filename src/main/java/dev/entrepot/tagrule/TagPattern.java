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
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_.*-]{1,128}");

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException when it could match no tag
   */
  TagPattern {
    if (!ALLOWED.matcher(text).matches() || text.startsWith(".") || text.startsWith("-")) {
      throw new IllegalArgumentException("no pattern of tags: " + text);
    }
  }

  boolean matches(TagName tag) {
    return Glob.matches(text, tag.value(), Glob.NO_BOUNDARY);
  }
}
