package dev.entrepot.storage.s3;

import dev.entrepot.storage.StorageException;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.ServerException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.ProviderException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What a failed request comes to.
 *
 * @param kind what can be done about it
 * @param reason for operators
 */
record S3Failure(Kind kind, String reason, Throwable cause) {
  enum Kind {
    /** There is no such object or upload. */
    ABSENT,
    /** An object is at the key already. */
    TAKEN,
    /** The object ends before the range starts. */
    RANGE,
    /** Asking again gives the same answer. */
    REFUSED,
    /** Not done, and worth another try. */
    BUSY,
    /** Perhaps done, and worth another try. */
    UNKNOWN;

    boolean isRetried() {
      return this == BUSY || this == UNKNOWN;
    }
  }

  static S3Failure of(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case ErrorResponseException e -> ofAnswer(e);
      case ServerException e -> ofStatus(e.statusCode(), "status " + e.statusCode(), e);
      case ProviderException e ->
          new S3Failure(Kind.BUSY, "no credentials are to be had: " + e.getMessage(), e);
      case SSLHandshakeException e ->
          new S3Failure(Kind.REFUSED, "its certificate is not trusted: " + e.getMessage(), e);
      case SSLPeerUnverifiedException e ->
          new S3Failure(Kind.REFUSED, "its certificate is another host's: " + e.getMessage(), e);
      case ConnectException e -> new S3Failure(Kind.BUSY, "it cannot be reached", e);
      case NoRouteToHostException e -> new S3Failure(Kind.BUSY, "it cannot be reached", e);
      case UnknownHostException e ->
          new S3Failure(Kind.BUSY, "there is no host " + e.getMessage(), e);
      case IOException e -> new S3Failure(Kind.UNKNOWN, "the connection broke: " + e, e);
      default -> new S3Failure(Kind.UNKNOWN, cause.toString(), cause);
    };
  }

  private static S3Failure ofAnswer(ErrorResponseException e) {
    String code = e.errorResponse().code();
    return switch (code) {
      case "NoSuchBucket" ->
          new S3Failure(Kind.REFUSED, "there is no such bucket (NoSuchBucket)", e);
      case "NoSuchKey", "NoSuchUpload" -> new S3Failure(Kind.ABSENT, code, e);
      // Parts that are others than those that were taken: there is nothing to go on with.
      case "InvalidPart", "InvalidPartOrder", "EntityTooSmall" ->
          new S3Failure(Kind.ABSENT, code, e);
      case "PreconditionFailed" -> new S3Failure(Kind.TAKEN, code, e);
      case "InvalidRange" -> new S3Failure(Kind.RANGE, code, e);
      case "RequestTimeTooSkewed" ->
          new S3Failure(
              Kind.REFUSED, "the clocks of this machine and of the store differ (" + code + ")", e);
      case "AccessDenied",
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "InvalidToken",
          "ExpiredToken",
          "AccountProblem" ->
          new S3Failure(Kind.REFUSED, "it refuses the credentials (" + code + ")", e);
      case "SlowDown",
          "SlowDownRead",
          "SlowDownWrite",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "ConditionalRequestConflict",
          "OperationAborted",
          "ServiceUnavailable" ->
          new S3Failure(Kind.BUSY, "it is busy (" + code + ")", e);
      default -> ofStatus(e.response().code(), e.errorResponse().message() + " (" + code + ")", e);
    };
  }

  private static S3Failure ofStatus(int status, String reason, Throwable cause) {
    Kind kind =
        switch (status) {
          case 404 -> Kind.ABSENT;
          case 412 -> Kind.TAKEN;
          case 429, 503 -> Kind.BUSY;
          default -> status >= 500 || status == 408 ? Kind.UNKNOWN : Kind.REFUSED;
        };
    return new S3Failure(kind, reason, cause);
  }

  StorageException.Unavailable unavailable(String what) {
    return new StorageException.Unavailable(what + ": " + reason, cause);
  }
}
