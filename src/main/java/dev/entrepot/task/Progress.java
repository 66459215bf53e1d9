package dev.entrepot.task;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Says every few seconds how far many blobs have come. Safe for use by many threads. */
public final class Progress {
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Consumer<String> out;
  private final String what;
  private final long total;
  private final long started = System.nanoTime();
  private final LongAdder done = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final AtomicLong said = new AtomicLong(started);

  /**
   * @param what is done, at the beginning of each line
   * @param total how many there are
   */
  public Progress(Consumer<String> out, String what, long total) {
    this.out = out;
    this.what = what;
    this.total = total;
  }

  /** One more is done; {@code moved} is what was read or written for it. */
  public void done(long moved) {
    done.increment();
    bytes.add(moved);
    long now = System.nanoTime();
    long last = said.get();
    if (now - last > PAUSE_NANOS && said.compareAndSet(last, now)) {
      say();
    }
  }

  /** Says how far it is. */
  public void say() {
    double seconds = Math.max(0.001, (System.nanoTime() - started) / 1e9);
    double megabytes = bytes.sum() / 1e6;
    out.accept(
        "%s: %d of %d, %.0f MB read or written, %.0f MB/s"
            .formatted(what, done.sum(), total, megabytes, megabytes / seconds));
  }
}
