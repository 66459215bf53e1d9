package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.ByteRange;
import java.util.Map;
import java.util.Optional;

/** The {@code Range} of a GET: RFC 9110, section 14.2. One range of bytes; others are ignored. */
public final class RangeHeader {
  private static final String UNIT = "bytes=";
  private static final int MAX_DIGITS = 18;

  private RangeHeader() {}

  /**
   * Applies the header to content of a size.
   *
   * @return what to send; empty for all of it: the header is malformed, of another unit, or asks
   *     for several ranges, and RFC 9110 lets a server ignore it
   * @throws RegistryException RANGE_INVALID, with {@code Content-Range}, when it lies outside
   */
  public static Optional<ByteRange> resolve(String header, long size) {
    if (!header.startsWith(UNIT)) {
      return Optional.empty();
    }
    String spec = header.substring(UNIT.length()).strip();
    int dash = spec.indexOf('-');
    if (dash < 0 || !isNumber(spec.substring(0, dash)) || !isNumber(spec.substring(dash + 1))) {
      return Optional.empty();
    }
    String first = spec.substring(0, dash);
    String last = spec.substring(dash + 1);
    if (first.isEmpty()) {
      return last.isEmpty() ? Optional.empty() : Optional.of(suffix(number(last), size));
    }
    long from = number(first);
    long to = last.isEmpty() ? size - 1 : Math.min(number(last), size - 1);
    if (from >= size || to < from) {
      throw outside(size);
    }
    return Optional.of(new ByteRange(from, to - from + 1));
  }

  private static ByteRange suffix(long length, long size) {
    if (length == 0 || size == 0) {
      throw outside(size);
    }
    long taken = Math.min(length, size);
    return new ByteRange(size - taken, taken);
  }

  private static boolean isNumber(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** A number beyond any blob is as good as the largest. */
  private static long number(String digits) {
    return digits.length() <= MAX_DIGITS ? Long.parseLong(digits) : Long.MAX_VALUE;
  }

  private static RegistryException outside(long size) {
    return new RegistryException(
        ErrorCode.RANGE_INVALID,
        "the range lies outside the blob",
        Map.of("size", size),
        Map.of("Content-Range", "bytes */" + size));
  }
}
