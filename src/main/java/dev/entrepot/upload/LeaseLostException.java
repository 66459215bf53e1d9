package dev.entrepot.upload;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;

/** Another server has taken the upload over, or it was cancelled: this request writes nothing. */
final class LeaseLostException extends RegistryException {
  LeaseLostException() {
    super(ErrorCode.RANGE_INVALID, "another server has taken this upload over");
  }
}
