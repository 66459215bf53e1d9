package dev.entrepot.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a seal knows of each of its events, so that it can tell which one was changed: the id (8
 * bytes) and the hash of the line (32), one after the other in the order of the log.
 */
final class Leaves {
  private static final int SIZE = Long.BYTES + Hashes.LENGTH;

  private final byte[] bytes;

  Leaves(byte[] bytes) {
    if (bytes.length % SIZE != 0) {
      throw new IllegalArgumentException("no whole number of leaves");
    }
    this.bytes = bytes;
  }

  int count() {
    return bytes.length / SIZE;
  }

  long id(int index) {
    return ByteBuffer.wrap(bytes).getLong(index * SIZE);
  }

  boolean isHash(int index, byte[] hash) {
    int from = index * SIZE + Long.BYTES;
    return Arrays.equals(bytes, from, from + Hashes.LENGTH, hash, 0, Hashes.LENGTH);
  }

  boolean has(long id) {
    for (int i = 0; i < count(); i++) {
      if (id(i) == id) {
        return true;
      }
    }
    return false;
  }

  /** Takes events, one after the other. */
  static final class Builder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void add(RecordedEvent event) {
      out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(event.position().id()).array());
      out.writeBytes(event.hash());
    }

    int count() {
      return out.size() / SIZE;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
