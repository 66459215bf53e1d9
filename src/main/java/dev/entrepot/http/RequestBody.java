package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way from the event loop to a virtual thread, with back-pressure: a
 * body whose queue is full, or that finds the common budget spent, is not read from the network.
 */
public final class RequestBody {
  /** How much of a queue is handed over at once: as much as one gathering write takes. */
  private static final int MAX_BATCH = 64;

  /** A store does the least work for its bytes when they come in long runs (docs/decisions). */
  private static final long LONG_RUN = 512 << 10;

  /** How long the first bytes of a run wait for more. */
  private static final long RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** What a queued buffer costs beside its bytes, so that many tiny ones count too. */
  private static final int OVERHEAD = 256;

  private static final long PAUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The connection ended before the body did. What was read until then has been handed over. */
  public static final class CutOff extends RuntimeException {
    CutOff() {
      super("the connection ended in the body", null, false, false);
    }
  }

  /** Takes the bytes. The buffers are free again when it returns. */
  @FunctionalInterface
  public interface Sink {
    void accept(List<ByteBuffer> buffers);
  }

  private final HttpServerRequest request;
  private final Context context;
  private final ByteBudget budget;
  private final HttpSettings settings;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Buffer> queue = new ArrayDeque<>();
  private final BodyRate rate;
  private long queued;
  private boolean paused = true;
  private boolean ended;
  private boolean cut;
  private boolean abandoned;
  private boolean stopped;

  RequestBody(
      HttpServerRequest request, Context context, ByteBudget budget, HttpSettings settings) {
    this.request = request;
    this.context = context;
    this.budget = budget;
    this.settings = settings;
    this.rate = new BodyRate(settings);
  }

  /** To be called on the event loop, before anything of the body is lost; leaves it paused. */
  void attach() {
    if (isEmpty(request)) {
      paused = false;
      ended = true;
      return;
    }
    request.pause();
    request.handler(this::arrived);
    request.endHandler(v -> finish(false));
    request.exceptionHandler(e -> finish(true));
    request.response().closeHandler(v -> finish(true));
  }

  /** Whether all of the body has arrived. */
  boolean complete() {
    lock.lock();
    try {
      return ended && !cut;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands the whole body to the sink, in order, in batches; returns when all of it has been taken.
   * Blocks: for virtual threads.
   *
   * @return bytes handed over
   * @throws CutOff when the connection ended before the body did
   * @throws RegistryException REQUEST_TIMEOUT when the body came slower than the least rate,
   *     UNAVAILABLE when it was stopped
   */
  public long transferTo(Sink sink) {
    boolean whole = false;
    try {
      resume();
      long total = transfer(sink);
      whole = true;
      return total;
    } finally {
      if (!whole) {
        abandon(); // what is queued by now would be counted for ever
      }
    }
  }

  private long transfer(Sink sink) {
    long total = 0;
    List<Buffer> batch = new ArrayList<>(MAX_BATCH);
    List<ByteBuffer> views = new ArrayList<>(MAX_BATCH);
    while (awaitBatch(batch)) {
      long cost = 0;
      for (Buffer buffer : batch) {
        views.add(buffer.getByteBuf().nioBuffer());
        cost += cost(buffer);
        total += buffer.length();
      }
      try {
        sink.accept(views);
      } finally {
        batch.clear();
        views.clear();
        budget.release(cost);
      }
    }
    return total;
  }

  /** Makes the reader give up, whatever it waits for. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes what is queued; false at the end of the body. */
  private boolean awaitBatch(List<Buffer> batch) {
    lock.lock();
    try {
      awaitRun();
      if (stopped) {
        throw new RegistryException(ErrorCode.UNAVAILABLE);
      }
      if (queue.isEmpty()) {
        if (cut) {
          throw new CutOff();
        }
        return false;
      }
      while (!queue.isEmpty() && batch.size() < MAX_BATCH) {
        Buffer buffer = queue.poll();
        queued -= cost(buffer);
        batch.add(buffer);
      }
      if (paused && queued <= settings.bodyBuffer() / 4) {
        budget.whenFree(this::resume);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryException(ErrorCode.UNAVAILABLE);
    } finally {
      lock.unlock();
    }
  }

  private void awaitRun() throws InterruptedException {
    long left = RUN_NANOS;
    while (!ripe() && left > 0) {
      boolean begun = !queue.isEmpty();
      boolean client = !paused; // paused, it waits for others' bytes to be written
      long most = client ? rate.nanosToWait() : PAUSED_NANOS;
      long begin = System.nanoTime();
      changed.awaitNanos(begun ? Math.min(left, most) : most);
      long waited = System.nanoTime() - begin;
      if (begun) {
        left -= waited;
      }
      if (client) {
        rate.waited(waited);
      }
    }
  }

  /** Whether waiting longer brings nothing: a run is long enough, or no more can come. */
  private boolean ripe() {
    return queued >= LONG_RUN
        || queue.size() >= MAX_BATCH
        || (paused && !queue.isEmpty())
        || ended
        || stopped;
  }

  private void arrived(Buffer buffer) {
    boolean room = budget.take(cost(buffer));
    boolean release = false;
    lock.lock();
    try {
      if (abandoned) {
        release = true;
      } else {
        queue.add(buffer);
        queued += cost(buffer);
        rate.arrived(buffer.length());
        if (!paused && (!room || queued >= settings.bodyBuffer())) {
          paused = true;
          request.pause();
        }
        if (queue.size() == 1 || ripe()) {
          changed.signal();
        }
      }
    } finally {
      lock.unlock();
    }
    if (release) {
      budget.release(cost(buffer));
    }
  }

  private void finish(boolean broken) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        cut = broken;
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void resume() {
    context.runOnContext(
        v -> {
          lock.lock();
          try {
            if (!paused || abandoned || ended) {
              return;
            }
            paused = false;
          } finally {
            lock.unlock();
          }
          request.resume();
        });
  }

  /** Drops what is queued and whatever still comes, without stopping the network. */
  void abandon() {
    long freed = 0;
    lock.lock();
    try {
      abandoned = true;
      for (Buffer buffer : queue) {
        freed += cost(buffer);
      }
      queue.clear();
      queued = 0;
      changed.signal();
    } finally {
      lock.unlock();
    }
    budget.release(freed);
  }

  private static long cost(Buffer buffer) {
    return buffer.length() + OVERHEAD;
  }

  /** The length that the client declared, zero when there can be no body; null when unknown. */
  @Nullable Long declaredLength() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null) {
      return Long.valueOf(length);
    }
    return isEmpty(request) ? Long.valueOf(0) : null;
  }

  /** RFC 9112, 6.3: a request without either header has no body; HTTP/2 tells by its end flag. */
  private static boolean isEmpty(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null) {
      return length.equals("0");
    }
    return request.version() == HttpVersion.HTTP_2
        ? request.isEnded()
        : request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null;
  }
}
