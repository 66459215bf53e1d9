package dev.entrepot.storage.s3;

import dev.entrepot.storage.StorageException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The memory that all uploads share, in small pieces: who sends little or slowly holds little. */
final class BufferPool {
  static final int CHUNK = 128 << 10;

  private final int count;
  private final Duration wait;
  private final Semaphore free;
  private final Queue<byte[]> made = new ConcurrentLinkedQueue<>();

  BufferPool(int budget, Duration wait) {
    this.count = budget / CHUNK;
    this.wait = wait;
    this.free = new Semaphore(count, true);
  }

  Optional<byte[]> tryTake() {
    return free.tryAcquire() ? Optional.of(chunk()) : Optional.empty();
  }

  /**
   * Waits for memory.
   *
   * @throws StorageException.Unavailable when others hold all of it for too long
   */
  byte[] take() {
    try {
      if (free.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return chunk();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new StorageException.Unavailable("too many uploads: no memory left for this one", null);
  }

  private byte[] chunk() {
    byte[] chunk = made.poll();
    return chunk != null ? chunk : new byte[CHUNK];
  }

  void giveBack(byte[] chunk) {
    made.add(chunk);
    free.release();
    if (free.availablePermits() == count) {
      made.clear(); // nobody uploads: the memory is of more use to others
    }
  }
}
