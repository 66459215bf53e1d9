package dev.entrepot.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A content digest, {@code algorithm ":" lower-case hex}, as the OCI image specification defines it
 * (descriptor.md, "Digests"). Immutable; equal by algorithm and hash.
 */
public final class Digest implements Comparable<Digest> {
  private static final HexFormat HEX = HexFormat.of();
  private static final int STREAM_BUFFER = 1 << 18;

  private final DigestAlgorithm algorithm;
  private final byte[] hash;
  private final int hashCode;

  private Digest(DigestAlgorithm algorithm, byte[] hash) {
    if (hash.length != algorithm.length()) {
      throw new IllegalArgumentException(
          algorithm.label() + " has " + algorithm.length() + " bytes, not " + hash.length);
    }
    this.algorithm = algorithm;
    this.hash = hash;
    // A hash is uniformly distributed: its first four bytes are as good a hash code as any.
    this.hashCode = ByteBuffer.wrap(hash).getInt();
  }

  /** The digest with this hash; {@code hash} is copied. */
  public static Digest of(DigestAlgorithm algorithm, byte[] hash) {
    return new Digest(algorithm, hash.clone());
  }

  /** The digest of what {@code computation} has been given; resets it. */
  public static Digest of(DigestAlgorithm algorithm, MessageDigest computation) {
    return new Digest(algorithm, computation.digest());
  }

  /** The digest of {@code content}. */
  public static Digest ofContent(DigestAlgorithm algorithm, byte[] content) {
    return new Digest(algorithm, algorithm.newMessageDigest().digest(content));
  }

  /** The digest of all that the stream still has; leaves it open. */
  public static Digest ofContent(DigestAlgorithm algorithm, InputStream content)
      throws IOException {
    MessageDigest computation = algorithm.newMessageDigest();
    byte[] buffer = new byte[STREAM_BUFFER];
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      computation.update(buffer, 0, n);
    }
    return of(algorithm, computation);
  }

  /**
   * Reads a digest in its text form.
   *
   * @return empty when the text is not a digest: another algorithm, a wrong length, upper-case hex
   */
  public static Optional<Digest> tryParse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    Optional<DigestAlgorithm> algorithm = DigestAlgorithm.find(text.substring(0, colon));
    if (algorithm.isEmpty() || text.length() - colon - 1 != 2 * algorithm.get().length()) {
      return Optional.empty();
    }
    byte[] hash = new byte[algorithm.get().length()];
    for (int i = 0, at = colon + 1; i < hash.length; i++, at += 2) {
      int high = lowerCaseHexDigit(text.charAt(at));
      int low = lowerCaseHexDigit(text.charAt(at + 1));
      if ((high | low) < 0) {
        return Optional.empty();
      }
      hash[i] = (byte) (high << 4 | low);
    }
    return Optional.of(new Digest(algorithm.get(), hash));
  }

  /**
   * Reads a digest in its text form.
   *
   * @throws IllegalArgumentException when the text is not a digest
   */
  public static Digest parse(String text) {
    return tryParse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a sha256 or sha512 digest"));
  }

  /**
   * Reads the form that {@link #toBytes()} gives.
   *
   * @throws IllegalArgumentException when it is not such a form
   */
  public static Digest fromBytes(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] < 1 || bytes[0] > DigestAlgorithm.values().length) {
      throw new IllegalArgumentException("not a digest in binary form");
    }
    return new Digest(
        DigestAlgorithm.values()[bytes[0] - 1], Arrays.copyOfRange(bytes, 1, bytes.length));
  }

  /** The algorithm. */
  public DigestAlgorithm algorithm() {
    return algorithm;
  }

  /** The hash in lower-case hex. */
  public String hex() {
    return HEX.formatHex(hash);
  }

  /**
   * A compact form for keys: one byte for the algorithm (1 = sha256, 2 = sha512), then the hash.
   */
  public byte[] toBytes() {
    byte[] bytes = new byte[1 + hash.length];
    bytes[0] = (byte) (algorithm.ordinal() + 1);
    System.arraycopy(hash, 0, bytes, 1, hash.length);
    return bytes;
  }

  @Override
  public int compareTo(Digest other) {
    int byAlgorithm = algorithm.compareTo(other.algorithm);
    return byAlgorithm != 0 ? byAlgorithm : Arrays.compareUnsigned(hash, other.hash);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that
        && algorithm == that.algorithm
        && Arrays.equals(hash, that.hash);
  }

  @Override
  public int hashCode() {
    return hashCode;
  }

  /** The text form, {@code sha256:…}. */
  @Override
  public String toString() {
    return algorithm.label() + ":" + hex();
  }

  private static int lowerCaseHexDigit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }
}
