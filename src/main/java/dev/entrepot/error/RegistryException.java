package dev.entrepot.error;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that cannot be fulfilled. The one mapper turns it into the specification's envelope:
 * {@code {"errors":[{"code","message","detail"}]}}.
 */
public class RegistryException extends RuntimeException {
  private final ErrorCode code;
  private final transient @Nullable Object detail;
  private final Map<String, String> headers;

  public RegistryException(ErrorCode code) {
    this(code, code.message(), null);
  }

  public RegistryException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * Makes an error.
   *
   * @param detail goes into the answer as JSON: strings, numbers, lists and maps of them, or null
   */
  public RegistryException(ErrorCode code, String message, @Nullable Object detail) {
    this(code, message, detail, Map.of());
  }

  /**
   * Makes an error.
   *
   * @param headers go with the answer ({@code Range}, {@code Allow}, {@code Retry-After}, …)
   */
  public RegistryException(
      ErrorCode code, String message, @Nullable Object detail, Map<String, String> headers) {
    // No stack trace: this is an answer, not a fault, and hostile callers make many of them.
    super(message, null, false, false);
    this.code = code;
    this.detail = detail;
    this.headers = Map.copyOf(headers);
  }

  /** The row of the table. */
  public ErrorCode code() {
    return code;
  }

  /** What to say beyond the message; see the constructor. */
  public @Nullable Object detail() {
    return detail;
  }

  /** Headers of the answer. */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * The errors of the answer, one each: a list-valued detail of {@code MANIFEST_BLOB_UNKNOWN} is
   * told one error per item, as clients expect.
   */
  public List<?> details() {
    return code == ErrorCode.MANIFEST_BLOB_UNKNOWN && detail instanceof List<?> list
        ? list
        : java.util.Collections.singletonList(detail);
  }
}
