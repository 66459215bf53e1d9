package dev.entrepot.conformance.support;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Content to push.
 *
 * @param bytes the content; not to be changed
 * @param digest {@code sha256:…} or {@code sha512:…}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by digest, never by equals
public record Blob(byte[] bytes, String digest) {
  /** The empty JSON object, OCI's blob for "nothing here". */
  public static final Blob EMPTY_JSON = of("{}");

  public static Blob of(byte[] bytes) {
    return new Blob(bytes, digest("sha256", bytes));
  }

  public static Blob of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Content that no other test pushes. */
  public static Blob random(int size) {
    byte[] bytes = new byte[size];
    ThreadLocalRandom.current().nextBytes(bytes);
    return of(bytes);
  }

  /** The same content under its sha512 digest. */
  public Blob sha512() {
    return new Blob(bytes, digest("sha512", bytes));
  }

  public int size() {
    return bytes.length;
  }

  /** Bytes {@code from} to {@code to}, exclusively. */
  public byte[] slice(int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  /** A descriptor of this content: media type, digest, size. */
  public ObjectNode descriptor(String mediaType) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("mediaType", mediaType)
        .put("digest", digest)
        .put("size", bytes.length);
  }

  /** {@code algorithm:hex} of some bytes; the algorithm as OCI writes it. */
  public static String digest(String algorithm, byte[] bytes) {
    try {
      String name = algorithm.equals("sha512") ? "SHA-512" : "SHA-256";
      return algorithm
          + ":"
          + HexFormat.of().formatHex(MessageDigest.getInstance(name).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
