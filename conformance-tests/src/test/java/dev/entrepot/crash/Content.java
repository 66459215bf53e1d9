package dev.entrepot.crash;

import dev.entrepot.conformance.support.Blob;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A blob's content, made again from its seed whenever it is needed, so that a long run keeps no
 * bytes.
 *
 * @param seed where the bytes come from
 * @param size their number
 * @param digest their digest
 */
record Content(long seed, int size, String digest) {
  static Content of(long seed, int size, String algorithm) {
    return new Content(seed, size, Blob.digest(algorithm, bytes(seed, size)));
  }

  byte[] bytes() {
    return bytes(seed, size);
  }

  byte[] bytes(int from, int to) {
    return Arrays.copyOfRange(bytes(), from, to);
  }

  String algorithm() {
    return digest.substring(0, digest.indexOf(':'));
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}
