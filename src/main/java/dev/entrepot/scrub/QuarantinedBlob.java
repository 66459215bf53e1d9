package dev.entrepot.scrub;

import java.time.Instant;
import java.util.List;

/**
 * A blob that nobody can read until it is pushed again, or refilled.
 *
 * @param reason what is wrong with its bytes
 * @param storageKey where they are, until clean-up deletes them
 * @param repositories that hold it; a hundred at most
 */
public record QuarantinedBlob(
    String digest,
    long size,
    String reason,
    Instant since,
    String storageKey,
    List<String> repositories) {
  static final int REPOSITORIES = 100;

  static QuarantinedBlob of(Quarantine.Entry entry) {
    return new QuarantinedBlob(
        entry.blob().digest().toString(),
        entry.blob().location().size(),
        entry.reason(),
        entry.since().toInstant(),
        entry.blob().location().key().value(),
        entry.repositories());
  }
}
