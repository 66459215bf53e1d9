package dev.entrepot.storage.s3;

/** A request was answered with what its sender has to deal with; never leaves the adapter. */
final class FailedRequest extends RuntimeException {
  private final transient S3Failure failure;

  FailedRequest(S3Failure failure) {
    super(failure.reason(), failure.cause());
    this.failure = failure;
  }

  S3Failure.Kind kind() {
    return failure.kind();
  }
}
