package dev.entrepot.manifest;

import dev.entrepot.storage.Digest;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code If-Match} or {@code If-None-Match} on a manifest: RFC 9110, 13.1. Entity tags
 * here are digests.
 *
 * @param any {@code *}
 * @param digests the listed ones; what can be no digest is left out, as it matches nothing
 */
record EntityTags(boolean any, Set<Digest> digests) {
  EntityTags {
    digests = Set.copyOf(digests);
  }

  /**
   * Reads a header.
   *
   * @param weak whether weak tags count, as they do in {@code If-None-Match} only
   */
  static EntityTags parse(String header, boolean weak) {
    Set<Digest> digests = new HashSet<>();
    boolean any = false;
    for (String part : header.split(",")) {
      String tag = part.strip();
      if (weak && tag.startsWith("W/")) {
        tag = tag.substring(2);
      }
      any |= tag.equals("*");
      if (tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"")) {
        Digest.tryParse(tag.substring(1, tag.length() - 1)).ifPresent(digests::add);
      }
    }
    return new EntityTags(any, digests);
  }

  /** Whether what is there is meant; null is nothing there, which never is. */
  boolean include(@Nullable Digest current) {
    return current != null && (any || digests.contains(current));
  }
}
