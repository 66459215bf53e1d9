package dev.entrepot.storage.s3;

import dev.entrepot.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that all uploads share, in chunks. An upload begins with one chunk, of a quarter that
 * is kept for that. Who needs more takes all at once that a smallest part needs: whoever has that
 * can go on to send it and give it back, so that those who wait do not wait for each other.
 */
final class BufferPool {
  static final int CHUNK = 128 << 10;

  private final int firstChunks;
  private final int otherChunks;
  private final Duration wait;
  private final Semaphore first;
  private final Semaphore others;
  private final Queue<byte[]> made = new ConcurrentLinkedQueue<>();

  BufferPool(int budget, Duration wait) {
    this.firstChunks = budget / 4 / CHUNK;
    this.otherChunks = budget / CHUNK - firstChunks;
    this.wait = wait;
    this.first = new Semaphore(firstChunks, true);
    this.others = new Semaphore(otherChunks, true);
  }

  /** Waits until an upload may begin. */
  void begin() {
    acquire(first, 1);
  }

  /** Waits until an upload may have so many more chunks. */
  void reserve(int chunks) {
    acquire(others, chunks);
  }

  /** One more chunk, if there is one that nobody waits for. */
  boolean tryReserve() {
    try {
      return others.tryAcquire(0, TimeUnit.SECONDS); // without a time it would push in
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void acquire(Semaphore from, int chunks) {
    try {
      if (from.tryAcquire(chunks, wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new StorageException.Unavailable("too many uploads: no memory left for this one", null);
  }

  /** A chunk that was reserved before. */
  byte[] chunk() {
    byte[] chunk = made.poll();
    return chunk != null ? chunk : new byte[CHUNK];
  }

  /** Takes back all chunks of an upload's part, and what was reserved for it beyond the first. */
  void giveBack(List<byte[]> chunks, int reserved) {
    if (chunks.isEmpty()) {
      return;
    }
    made.addAll(chunks);
    others.release(reserved);
    first.release();
    if (first.availablePermits() == firstChunks && others.availablePermits() == otherChunks) {
      made.clear(); // nobody uploads: the memory is of more use to others
    }
  }
}
