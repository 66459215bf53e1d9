package dev.entrepot.http;

import dev.entrepot.error.RegistryException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads a body that is needed whole, and holds memory only for what has come. */
final class SmallBody implements RequestBody.Sink {
  private static final int INITIAL_SIZE = 8 * 1024;

  /** The array that grows, its copy, and what is made of it. */
  private static final int COPIES = 3;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_SIZE);
  private final long limit;
  private final RegistryException tooLarge;
  private final RequestMemory.Lease lease;

  private SmallBody(long limit, RegistryException tooLarge, RequestMemory.Lease lease) {
    this.limit = limit;
    this.tooLarge = tooLarge;
    this.lease = lease;
  }

  /**
   * Reads a body, in a virtual thread.
   *
   * @param limit in bytes
   * @param tooLarge thrown when the body is larger
   * @param lease grows with the body; bodies of few bytes take nothing, so that they are served
   *     even when others have taken all
   */
  static byte[] read(
      RequestBody body, long limit, RegistryException tooLarge, RequestMemory.Lease lease) {
    SmallBody small = new SmallBody(limit, tooLarge, lease);
    body.transferTo(small);
    return small.bytes.toByteArray();
  }

  @Override
  public void accept(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (bytes.size() + buffer.remaining() > limit) {
        throw tooLarge;
      }
      byte[] chunk = new byte[buffer.remaining()];
      buffer.get(chunk);
      if (bytes.size() + chunk.length > INITIAL_SIZE) {
        lease.grow((long) COPIES * chunk.length);
      }
      bytes.writeBytes(chunk);
    }
  }
}
