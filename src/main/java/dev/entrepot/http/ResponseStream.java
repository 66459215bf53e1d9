package dev.entrepot.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** An answer's body that a virtual thread writes, no faster than the client reads. */
public final class ResponseStream extends OutputStream {
  private static final Logger LOG = Logger.getLogger(ResponseStream.class);
  private static final int CHUNK = 64 * 1024;
  private static final int CHUNKS_IN_FLIGHT = 4;
  private static final long STALL_SECONDS = 120;

  /** Writes the body. */
  @FunctionalInterface
  public interface Writer {
    void write(OutputStream out) throws IOException;

    /** Frees what it holds; called in place of {@link #write} when there is nothing to answer. */
    default void cancel() {}
  }

  /** What one stream holds: the chunks in flight, and what its writer has at hand. */
  private static final long MEMORY = 2L * CHUNKS_IN_FLIGHT * CHUNK;

  private final Exchange exchange;
  private final HttpServerResponse response;
  private final Context context;
  private final RequestMemory.Lease lease;
  private final Semaphore inFlight = new Semaphore(CHUNKS_IN_FLIGHT);
  private byte[] chunk = new byte[CHUNK];
  private int at;
  private volatile boolean broken;

  /**
   * Takes the memory for it.
   *
   * @throws dev.entrepot.error.RegistryException UNAVAILABLE when there is none
   */
  ResponseStream(
      Exchange exchange, HttpServerResponse response, Context context, RequestMemory memory) {
    this.exchange = exchange;
    this.response = response;
    this.context = context;
    this.lease = memory.lease(this::stop);
    lease.grow(MEMORY);
  }

  void run(Writer writer) {
    try (lease) {
      writer.write(this);
      flush();
      context.runOnContext(v -> response.end());
    } catch (IOException | RuntimeException | Error e) {
      if (!broken) {
        LOG.errorf(e, "answer cut off");
      }
      exchange.cut();
    } finally {
      context.runOnContext(v -> exchange.finished());
    }
  }

  /** Gives the memory back of a stream that is not begun. */
  void cancel() {
    lease.close();
  }

  private void stop() {
    broken = true;
    inFlight.release(CHUNKS_IN_FLIGHT);
  }

  @Override
  public void write(int b) throws IOException {
    if (at == CHUNK) {
      flush();
    }
    chunk[at++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (at == CHUNK) {
        flush();
      }
      int part = Math.min(left, CHUNK - at);
      System.arraycopy(bytes, from, chunk, at, part);
      at += part;
      from += part;
      left -= part;
    }
  }

  @Override
  public void flush() throws IOException {
    if (at == 0) {
      return;
    }
    try {
      if (!inFlight.tryAcquire(STALL_SECONDS, TimeUnit.SECONDS)) {
        broken = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      broken = true;
    }
    if (broken) {
      throw new IOException("the client does not read");
    }
    lease.progress();
    Buffer full = Buffer.buffer(io.netty.buffer.Unpooled.wrappedBuffer(chunk, 0, at));
    chunk = new byte[CHUNK];
    at = 0;
    context.runOnContext(v -> send(full));
  }

  private void send(Buffer full) {
    try {
      response.write(full).onComplete(written -> sent(written.succeeded()));
    } catch (IllegalStateException e) { // it has been cut since
      sent(false);
    }
  }

  private void sent(boolean whole) {
    broken |= !whole;
    inFlight.release();
  }
}
