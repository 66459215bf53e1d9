package dev.entrepot.storage;

/**
 * What must be kept of a suspended upload so that any process can continue it.
 *
 * @param offset bytes that are durable
 * @param detail the store's own notes (the digest so far, part numbers and the like), opaque to the
 *     caller; may be empty
 */
public record UploadState(long offset, String detail) {
  public UploadState {
    if (offset < 0) {
      throw new IllegalArgumentException("negative offset: " + offset);
    }
  }

  /** Nothing taken yet. */
  public static final UploadState EMPTY = new UploadState(0, "");
}
