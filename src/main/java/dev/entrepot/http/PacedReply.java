package dev.entrepot.http;

import dev.entrepot.error.RegistryException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body that is in memory, written no faster than the client reads: what is written
 * waits outside the heap for each client of its own, even where all are sent the same bytes.
 */
final class PacedReply {
  /** Bodies up to this size are written at once where nothing waits before them. */
  static final int SLICE = 64 * 1024;

  private final Exchange exchange;
  private final HttpServerResponse response;
  private final Buffer body;
  private final RequestMemory memory;
  private RequestMemory.@Nullable Lease lease;
  private int at;

  /** Prepares it; the head must have been set. */
  PacedReply(
      Exchange exchange, HttpServerResponse response, @Nullable Buffer body, RequestMemory memory) {
    this.exchange = exchange;
    this.response = response;
    this.body = body == null ? Buffer.buffer() : body;
    this.memory = memory;
  }

  /** Writes what the connection takes now, the rest when it takes more. On the event loop. */
  void write() {
    while (!response.writeQueueFull()) {
      int next = Math.min(at + SLICE, body.length());
      Buffer slice = body.slice(at, next);
      at = next;
      if (at == body.length()) {
        response.closeHandler(null);
        giveBack();
        exchange.end(slice);
        return;
      }
      response.write(slice);
    }
    await();
  }

  private void await() {
    if (lease != null) {
      lease.progress();
      return;
    }
    RequestMemory.Lease held = memory.lease(exchange::cut);
    lease = held;
    response.closeHandler(v -> gone());
    response.drainHandler(v -> write());
    try {
      held.hold(body, body.length(), 2 * SLICE);
    } catch (RegistryException e) {
      exchange.cut(); // too late for an error: the head may be out
    }
  }

  private void gone() {
    giveBack();
    exchange.lost();
  }

  private void giveBack() {
    if (lease != null) {
      lease.close();
    }
  }
}
