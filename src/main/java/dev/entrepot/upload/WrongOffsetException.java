package dev.entrepot.upload;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import java.util.Map;

/** The chunk does not start where the upload stands. */
final class WrongOffsetException extends RegistryException {
  private final long offset;

  WrongOffsetException(long offset) {
    super(
        ErrorCode.RANGE_INVALID,
        "the chunk does not start where the upload stands",
        Map.of("offset", offset));
    this.offset = offset;
  }

  long offset() {
    return offset;
  }
}
