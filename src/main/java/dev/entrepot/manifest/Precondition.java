package dev.entrepot.manifest;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of what a push replaces (RFC 9110, 13.1): of each of its tags, or of the manifest
 * itself when it is pushed without tags.
 *
 * @param match it must be one of these; null for whatever
 * @param noneMatch it must be none of these; null for whatever
 */
public record Precondition(@Nullable EntityTags match, @Nullable EntityTags noneMatch) {
  /** Nothing must hold. */
  public static final Precondition NONE = new Precondition(null, null);

  /**
   * Reads the headers.
   *
   * @param ifMatch the value of {@code If-Match}; null when it did not come
   * @param ifNoneMatch the value of {@code If-None-Match}; null when it did not come
   */
  public static Precondition of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    return new Precondition(
        ifMatch == null ? null : EntityTags.parse(ifMatch, false),
        ifNoneMatch == null ? null : EntityTags.parse(ifNoneMatch, true));
  }

  /**
   * Refuses when it does not hold.
   *
   * @param reference the tag or digest that is to be replaced, for the message
   * @param current what is there; null when nothing is
   * @throws RegistryException PRECONDITION_FAILED
   */
  public void check(Object reference, @Nullable Digest current) {
    boolean holds =
        (match == null || match.include(current))
            && (noneMatch == null || !noneMatch.include(current));
    if (!holds) {
      Map<String, @Nullable Object> detail = new LinkedHashMap<>();
      detail.put("reference", reference.toString());
      detail.put("current", current == null ? null : current.toString());
      String now = current == null ? "does not exist" : "is " + current;
      throw new RegistryException(ErrorCode.PRECONDITION_FAILED, reference + " " + now, detail);
    }
  }
}
