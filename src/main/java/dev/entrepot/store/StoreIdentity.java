package dev.entrepot.store;

import dev.entrepot.error.StartupException;
import dev.entrepot.storage.BlobStore;
import java.util.UUID;

/**
 * Which database a store belongs to is noted in it. A server that is given the store of another
 * database would answer with rows whose bytes are not there, and clean up bytes that others need:
 * it refuses to start instead.
 */
final class StoreIdentity {
  private StoreIdentity() {}

  /**
   * Checks the note, and leaves it when there is none.
   *
   * @throws StartupException when it names another database
   */
  static void check(BlobStore store, String where, UUID identity) {
    UUID found = store.claim(identity);
    if (!found.equals(identity)) {
      throw new StartupException(
          "The blobs in "
              + where
              + " belong to another database ("
              + found
              + ", not "
              + identity
              + "). Check entrepot.data-dir, entrepot.storage and entrepot.database.url.");
    }
  }
}
