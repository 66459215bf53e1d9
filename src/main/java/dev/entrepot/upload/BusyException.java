package dev.entrepot.upload;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import org.jspecify.annotations.Nullable;

/** Another request is writing to the upload, here or at another server. */
final class BusyException extends RegistryException {
  private final transient @Nullable LiveUpload upload;

  BusyException(@Nullable LiveUpload upload) {
    super(ErrorCode.RANGE_INVALID, "another request is writing to this upload");
    this.upload = upload;
  }

  /** The upload; null when it is at another server. */
  @Nullable LiveUpload upload() {
    return upload;
  }
}
