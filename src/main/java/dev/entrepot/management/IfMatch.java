package dev.entrepot.management;

import dev.entrepot.storage.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The condition under which a change is made: RFC 9110, 13.1.1. Entity tags are hashes of what is
 * shown, so that whoever changes a row need not know of them.
 *
 * @param tags the header's value; null changes whatever is there
 */
public record IfMatch(@Nullable String tags) {
  /** No condition. */
  public static final IfMatch ANY = new IfMatch(null);

  private static final int LENGTH = 16;

  /** The entity tag of what is shown: of a record, whose text holds all of it. */
  public static String tag(Record shown) {
    byte[] hash =
        DigestAlgorithm.SHA256
            .newMessageDigest()
            .digest(shown.toString().getBytes(StandardCharsets.UTF_8));
    return '"' + HexFormat.of().formatHex(hash, 0, LENGTH) + '"';
  }

  /**
   * Checks what is there, which must be locked; null is nothing.
   *
   * @throws ProblemException PRECONDITION_FAILED when the caller saw something else
   */
  public void require(@Nullable Record current) {
    if (tags == null || tags.strip().equals("*") && current != null) {
      return;
    }
    if (current == null) {
      throw Problem.PRECONDITION_FAILED.with("It is not there");
    }
    String tag = tag(current);
    if (Arrays.stream(tags.split(",")).map(String::strip).noneMatch(tag::equals)) {
      throw Problem.PRECONDITION_FAILED.with("Read it again; it has the entity tag " + tag);
    }
  }
}
