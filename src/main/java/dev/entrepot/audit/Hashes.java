package dev.entrepot.audit;

import dev.entrepot.storage.DigestAlgorithm;

/** SHA-256. */
final class Hashes {
  static final int LENGTH = 32;

  private Hashes() {}

  static byte[] sha256(byte[] content) {
    return DigestAlgorithm.SHA256.newMessageDigest().digest(content);
  }
}
