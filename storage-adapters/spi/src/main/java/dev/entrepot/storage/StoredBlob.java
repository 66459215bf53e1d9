package dev.entrepot.storage;

import java.time.Instant;

/**
 * What a store knows of the bytes at a key.
 *
 * @param key the key
 * @param size in bytes
 * @param modified when they were stored, by the store's clock
 */
public record StoredBlob(StorageKey key, long size, Instant modified) {}
