package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Content-Range} of a chunk: {@code 0-99} as distribution-spec "Pushing a blob in
 * chunks" has it, or {@code bytes 0-99/*} as RFC 9110 has it.
 *
 * @param first position of the first byte
 * @param last position of the last byte, inclusive
 */
public record ContentRange(long first, long last) {
  private static final Pattern GRAMMAR =
      Pattern.compile("(?:bytes[ =])?\\s*(\\d{1,18})-(\\d{1,18})(?:/(?:\\*|\\d{1,18}))?");

  /**
   * Reads the header.
   *
   * @throws RegistryException BLOB_UPLOAD_INVALID when it is malformed or ends before it starts
   */
  public static ContentRange parse(String header) {
    Matcher matcher = GRAMMAR.matcher(header.strip());
    if (!matcher.matches()) {
      throw malformed(header);
    }
    ContentRange range =
        new ContentRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    if (range.last < range.first) {
      throw malformed(header);
    }
    return range;
  }

  /** Number of bytes. */
  public long length() {
    return last - first + 1;
  }

  private static RegistryException malformed(String header) {
    return new RegistryException(
        ErrorCode.BLOB_UPLOAD_INVALID,
        "Content-Range is not <first>-<last>",
        Map.of("Content-Range", header));
  }
}
