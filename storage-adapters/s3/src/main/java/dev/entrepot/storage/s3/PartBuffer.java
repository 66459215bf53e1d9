package dev.entrepot.storage.s3;

import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one part, in chunks of the shared memory. It is the SDK's kind of buffer so that
 * requests are sent from the chunks; the SDK's own grows by copying.
 */
final class PartBuffer extends io.minio.ByteBuffer {
  private final BufferPool pool;
  private final List<byte[]> chunks = new ArrayList<>();
  private int reserved;
  private long length;

  PartBuffer(BufferPool pool) {
    super(0);
    this.pool = pool;
  }

  /**
   * Makes sure that there is room for a byte at least, and waits for it.
   *
   * @param least bytes that there must be room for before this may fail
   * @return false when memory is short and the part is large enough to be sent
   */
  boolean makeRoom(int least) {
    if (length < (long) chunks.size() * BufferPool.CHUNK) {
      return true;
    }
    if (chunks.isEmpty()) {
      pool.begin();
    } else if (chunks.size() > reserved) {
      int missing = Math.ceilDiv(least, BufferPool.CHUNK) - chunks.size();
      if (missing > 0) {
        pool.reserve(missing);
        reserved += missing;
      } else if (pool.tryReserve()) {
        reserved++;
      } else {
        return false;
      }
    }
    chunks.add(pool.chunk());
    return true;
  }

  /** Moves bytes into the last chunk; how many. */
  int put(ByteBuffer from, long limit, @Nullable MessageDigest digest) {
    byte[] chunk = chunks.getLast();
    int at = (int) (length % BufferPool.CHUNK);
    int count = (int) Math.min(Math.min(from.remaining(), limit), chunk.length - at);
    from.get(chunk, at, count);
    if (digest != null) {
      digest.update(chunk, at, count);
    }
    length += count;
    return count;
  }

  /** Reads bytes into the last chunk until this has {@code end} bytes at most. */
  void read(InputStream from, long end) throws IOException {
    byte[] chunk = chunks.getLast();
    int at = (int) (length % BufferPool.CHUNK);
    int count = from.read(chunk, at, (int) Math.min(end - length, chunk.length - at));
    if (count < 0) {
      throw new EOFException();
    }
    length += count;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public InputStream inputStream() {
    List<InputStream> streams = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      streams.add(new ByteArrayInputStream(chunks.get(i), 0, used(i)));
    }
    return new SequenceInputStream(Collections.enumeration(streams));
  }

  Digest digest(DigestAlgorithm algorithm) {
    MessageDigest digest = algorithm.newMessageDigest();
    for (int i = 0; i < chunks.size(); i++) {
      digest.update(chunks.get(i), 0, used(i));
    }
    return Digest.of(algorithm, digest);
  }

  private int used(int chunk) {
    return (int) Math.min(BufferPool.CHUNK, length - (long) chunk * BufferPool.CHUNK);
  }

  /** Gives the memory back; the buffer is empty then. */
  void release() {
    pool.giveBack(chunks, reserved);
    chunks.clear();
    reserved = 0;
    length = 0;
  }
}
