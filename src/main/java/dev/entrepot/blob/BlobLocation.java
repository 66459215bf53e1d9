package dev.entrepot.blob;

import dev.entrepot.storage.StorageKey;

/**
 * Where the bytes of a blob are.
 *
 * @param key the store's key
 * @param size in bytes
 */
public record BlobLocation(StorageKey key, long size) {}
