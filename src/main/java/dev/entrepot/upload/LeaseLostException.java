package dev.entrepot.upload;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;

/**
 * Another server has taken the upload over, or may have, or it was cancelled: this request writes
 * nothing, and whoever sends it again goes on from where the upload stands.
 */
final class LeaseLostException extends RegistryException {
  LeaseLostException() {
    super(ErrorCode.UNAVAILABLE, "this request was away for too long, and has lost the upload");
  }
}
