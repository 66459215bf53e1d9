package dev.entrepot.gc;

import java.time.Duration;

/**
 * How long what is condemned waits. A client that was told of a blob relies on it for the grace
 * time; what told it may have been in memory for half of one, during which the blob was condemned
 * without being revived. So one and a half grace times after that nobody relies on it any more.
 */
final class Waits {
  private Waits() {}

  /** Of blobs and manifests of a repository. */
  static Duration unneeded(Duration grace) {
    return grace.multipliedBy(3).dividedBy(2);
  }

  /** Of bytes that no repository has: for those who are still reading them. */
  static Duration unheld(Duration grace) {
    return grace.dividedBy(2);
  }
}
