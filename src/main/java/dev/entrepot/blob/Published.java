package dev.entrepot.blob;

/**
 * What became of stored bytes that were published as a blob.
 *
 * @param location where the blob's bytes are
 * @param redundant true when other bytes of the same digest were there before: {@code location} is
 *     theirs, and the caller deletes the ones it brought once the transaction is committed
 */
public record Published(BlobLocation location, boolean redundant) {}
