package dev.entrepot.upload;

import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.DigestAlgorithm;
import java.time.Instant;
import java.util.UUID;

/**
 * An upload that a client was told of: all that is known of it until bytes come.
 *
 * @param uuid names it in the store and the database; version 7, so it holds its time
 * @param repository where the blob is to go
 * @param algorithm computed while the bytes come
 */
record UploadId(UUID uuid, RepositoryName repository, DigestAlgorithm algorithm) {
  /** When it was started. */
  Instant started() {
    return Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16);
  }
}
