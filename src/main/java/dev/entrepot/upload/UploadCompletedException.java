package dev.entrepot.upload;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.Digest;

/** The upload is a blob by now: unknown to all but the closing request that is sent once more. */
final class UploadCompletedException extends RegistryException {
  private final transient Digest digest;

  UploadCompletedException(Digest digest) {
    super(ErrorCode.BLOB_UPLOAD_UNKNOWN, "the upload is completed");
    this.digest = digest;
  }

  Digest digest() {
    return digest;
  }
}
