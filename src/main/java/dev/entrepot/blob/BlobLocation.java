package dev.entrepot.blob;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;

/**
 * Where the bytes of a blob are.
 *
 * @param key the store's key
 * @param size in bytes
 */
public record BlobLocation(StorageKey key, long size) {
  /** Whether the store has the bytes, as far as can be told without reading them. */
  public boolean isIn(BlobStore store) {
    return store.has(key, size);
  }

  /**
   * Makes sure of {@link #isIn}.
   *
   * @throws StorageException.NotFound when the store has lost the bytes
   */
  void requireIn(BlobStore store) {
    if (!isIn(store)) {
      throw new StorageException.NotFound(key.value());
    }
  }
}
