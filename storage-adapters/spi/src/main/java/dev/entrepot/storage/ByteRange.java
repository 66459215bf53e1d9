package dev.entrepot.storage;

/**
 * A run of bytes of a blob.
 *
 * @param offset position of the first byte, from 0
 * @param length number of bytes, from 0
 */
public record ByteRange(long offset, long length) {
  public ByteRange {
    if (offset < 0 || length < 0 || offset + length < 0) {
      throw new IllegalArgumentException("negative range: " + offset + "+" + length);
    }
  }

  /** Position of the last byte, inclusive, as HTTP headers give it; {@code offset - 1} if empty. */
  public long last() {
    return offset + length - 1;
  }
}
