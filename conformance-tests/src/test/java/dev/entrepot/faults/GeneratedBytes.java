package dev.entrepot.faults;

import java.io.InputStream;

/** Bytes without end in sight that need no room: always the same, and no two blocks alike. */
final class GeneratedBytes extends InputStream {
  private long left;
  private long state = 0x9E3779B97F4A7C15L;

  GeneratedBytes(long size) {
    this.left = size;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    int count = (int) Math.min(length, left);
    for (int i = 0; i < count; i++) {
      // Depends on nothing but the place, so that it does not matter how it is read.
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      into[offset + i] = (byte) state;
    }
    left -= count;
    return count;
  }
}
