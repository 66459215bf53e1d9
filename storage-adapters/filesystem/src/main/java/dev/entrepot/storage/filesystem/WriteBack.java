package dev.entrepot.storage.filesystem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Sends written bytes to the disk while more arrive, so that the sync at the end finds little to
 * do.
 *
 * <p>A sync that failed stays failed: the kernel reports an error once and then forgets the pages
 * it could not write, so a later sync would succeed without them.
 */
final class WriteBack {
  /** Makes durable what was written before it is called. */
  interface Sync {
    void run() throws IOException;
  }

  static final long INTERVAL = 8 << 20;

  private final Sync sync;
  private final Executor executor;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
  private long pending;

  WriteBack(Sync sync, Executor executor) {
    this.sync = sync;
    this.executor = executor;
  }

  /** Takes note of bytes written; starts to sync when there are enough of them. */
  void written(long length) {
    pending += length;
    if (pending >= INTERVAL && last.isDone()) {
      pending = 0;
      last = last.thenRunAsync(this::runSync, executor);
    }
  }

  /** Returns when all bytes written are durable. */
  void finish() throws IOException {
    last = last.thenRun(this::runSync);
    try {
      last.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException io) {
        throw io.getCause();
      }
      throw e;
    }
  }

  private void runSync() {
    try {
      sync.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
