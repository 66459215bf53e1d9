package dev.entrepot.storage.s3;

import dev.entrepot.storage.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Sends requests, again where that may help. All of them may be sent twice: parts and objects are
 * the same bytes under the same key, and who completes an upload looks what became of it.
 */
final class Retries {
  private static final long FIRST_PAUSE = 100;
  private static final long LONGEST_PAUSE = 3_000;

  private final int attempts;
  private final Runnable onBreak;

  /**
   * @param onBreak is run when a connection broke, before the next attempt
   */
  Retries(int attempts, Runnable onBreak) {
    this.attempts = attempts;
    this.onBreak = onBreak;
  }

  /**
   * For requests that change nothing, or nothing that matters.
   *
   * @throws FailedRequest when the answer is one that is not an error to every caller
   * @throws StorageException.Unavailable else
   */
  <T> T ask(String what, Supplier<CompletableFuture<T>> request) {
    try {
      return change(what, request);
    } catch (StorageException.OutcomeUnknown e) {
      throw new StorageException.Unavailable(String.valueOf(e.getMessage()), e.getCause());
    }
  }

  /**
   * The same, for requests that matter.
   *
   * @throws StorageException.OutcomeUnknown when the store may have done it
   */
  <T> T change(String what, Supplier<CompletableFuture<T>> request) {
    boolean unknown = false;
    for (int attempt = 1; ; attempt++) {
      S3Failure failure;
      try {
        return request.get().get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StorageException.OutcomeUnknown(what + ": interrupted", e);
      } catch (ExecutionException | RuntimeException e) {
        failure = S3Failure.of(e);
      }
      unknown |= failure.kind() == S3Failure.Kind.UNKNOWN;
      switch (failure.kind()) {
        case ABSENT, TAKEN, RANGE -> throw new FailedRequest(failure);
        case REFUSED -> throw ended(what, failure, unknown);
        case BUSY, UNKNOWN -> {
          if (attempt == attempts) {
            throw ended(what, failure, unknown);
          }
          if (failure.cause() instanceof IOException) {
            onBreak.run();
          }
          pause(attempt);
        }
      }
    }
  }

  private static StorageException ended(String what, S3Failure failure, boolean unknown) {
    return unknown
        ? new StorageException.OutcomeUnknown(what + ": " + failure.reason(), failure.cause())
        : failure.unavailable(what);
  }

  /** Longer each time, and of random length: those who failed together do not come together. */
  static void pause(int attempt) {
    long longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE << attempt);
    try {
      Thread.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 4, longest)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the next request ends with it
    }
  }
}
