package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;

/** The rate of a body while its reader waits for the client, never while the store is slow. */
final class BodyRate {
  private final long minRate;
  private final long windowNanos;
  private long waited;
  private long bytes;

  BodyRate(HttpSettings settings) {
    this.minRate = settings.minRate();
    this.windowNanos = Math.max(1_000_000, settings.minRateWindow().toNanos());
  }

  void arrived(long more) {
    bytes += more;
  }

  /** How long to wait until it has to be said that the reader waited. */
  long nanosToWait() {
    return windowNanos - waited;
  }

  /**
   * The reader has waited for the client.
   *
   * @throws RegistryException REQUEST_TIMEOUT when too little has come in the time that it waited
   */
  void waited(long nanos) {
    waited += nanos;
    if (waited < windowNanos) {
      return;
    }
    if (bytes < minRate * (waited / 1e9)) {
      throw new RegistryException(ErrorCode.REQUEST_TIMEOUT);
    }
    waited = 0;
    bytes = 0;
  }
}
