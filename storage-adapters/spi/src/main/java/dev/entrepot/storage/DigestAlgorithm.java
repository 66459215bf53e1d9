package dev.entrepot.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The digest algorithms that content may be addressed by: the registered ones of the OCI image
 * specification (descriptor.md, "Registered Algorithms") that this registry accepts as equals.
 */
public enum DigestAlgorithm {
  SHA256("sha256", "SHA-256", 32),
  SHA512("sha512", "SHA-512", 64);

  private final String label;
  private final String jcaName;
  private final int length;

  DigestAlgorithm(String label, String jcaName, int length) {
    this.label = label;
    this.jcaName = jcaName;
    this.length = length;
  }

  /** The name as it stands before the colon of a digest. */
  public String label() {
    return label;
  }

  /** Length of the hash in bytes. */
  public int length() {
    return length;
  }

  /** A new, empty hash computation. */
  public MessageDigest newMessageDigest() {
    try {
      return MessageDigest.getInstance(jcaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + jcaName, e);
    }
  }

  /** The algorithm with this label; empty when it is not one that is accepted here. */
  public static Optional<DigestAlgorithm> find(String label) {
    return switch (label) {
      case "sha256" -> Optional.of(SHA256);
      case "sha512" -> Optional.of(SHA512);
      default -> Optional.empty();
    };
  }
}
