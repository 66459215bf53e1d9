package dev.entrepot.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Makes blobs and manifests that no registry has seen before. */
final class Content {
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

  private static final AtomicLong STAMP = new AtomicLong(System.nanoTime());

  private Content() {}

  /** The same bytes for the same seed, as incompressible as a layer. */
  static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /**
   * A blob that becomes another one with every {@link #renew}. Only its last bytes change, so that
   * the new digest costs nothing: the client shares the processors with what it measures.
   */
  static final class Renewable {
    private final byte[] bytes;
    private final MessageDigest constant = sha256();

    Renewable(int length) {
      bytes = random(length, STAMP.incrementAndGet());
      constant.update(bytes, 0, length - Long.BYTES);
    }

    byte[] bytes() {
      return bytes;
    }

    /** Makes the content one that was never used before and gives its digest. */
    String renew() {
      byte[] tail = freshTail();
      System.arraycopy(tail, 0, bytes, bytes.length - tail.length, tail.length);
      return digestWith(tail);
    }

    /** Renews the content, and the file that holds it. */
    String renew(Path file) throws IOException {
      String digest = renew();
      int tail = bytes.length - Long.BYTES;
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(bytes, tail, Long.BYTES), tail);
      }
      return digest;
    }

    static byte[] freshTail() {
      return ByteBuffer.allocate(Long.BYTES).putLong(STAMP.incrementAndGet()).array();
    }

    /** Digest of the content if its last bytes were these. */
    String digestWith(byte[] tail) {
      try {
        MessageDigest digest = (MessageDigest) constant.clone();
        digest.update(tail);
        return digestOf(digest.digest());
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static String digest(byte[] bytes) {
    return digestOf(sha256().digest(bytes));
  }

  static String digestOf(byte[] hash) {
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An image configuration of {@code length} bytes; the seed makes it distinct. */
  static byte[] config(String seed, int length) {
    String start =
        """
        {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"author":"%s"""
            .formatted(seed);
    String text = start + "x".repeat(Math.max(0, length - start.length() - 2)) + "\"}";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** An image manifest with one layer. */
  static byte[] manifest(String config, long configSize, String layer, long layerSize) {
    return """
        {"schemaVersion":2,"mediaType":"%s",\
        "config":{"mediaType":"%s","digest":"%s","size":%d},\
        "layers":[{"mediaType":"%s","digest":"%s","size":%d}],\
        "annotations":{"org.opencontainers.image.title":"bench",\
        "org.opencontainers.image.description":"An image made to measure a registry by"}}\
        """
        .formatted(MANIFEST_TYPE, CONFIG_TYPE, config, configSize, LAYER_TYPE, layer, layerSize)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** An image manifest without layers. */
  static byte[] manifest(String config, long configSize) {
    return """
        {"schemaVersion":2,"mediaType":"%s",\
        "config":{"mediaType":"%s","digest":"%s","size":%d},"layers":[]}\
        """
        .formatted(MANIFEST_TYPE, CONFIG_TYPE, config, configSize)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
