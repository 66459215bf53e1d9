package dev.entrepot.storage.filesystem;

import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The digest of bytes as they pass, computed beside their writing. */
final class RunningDigest {
  /** Fewer bytes are hashed sooner than another thread has woken up. */
  private static final long WORTH_A_THREAD = 128 << 10;

  private final DigestAlgorithm algorithm;
  private final MessageDigest computation;
  private final Executor executor;

  RunningDigest(DigestAlgorithm algorithm, Executor executor) {
    this.algorithm = algorithm;
    this.computation = algorithm.newMessageDigest();
    this.executor = executor;
  }

  DigestAlgorithm algorithm() {
    return algorithm;
  }

  /**
   * Adds the bytes of the buffers, without moving their positions. They must stay as they are until
   * the returned future is complete.
   *
   * @param length of all buffers together
   */
  CompletableFuture<Void> update(ByteBuffer[] buffers, long length) {
    ByteBuffer[] views = new ByteBuffer[buffers.length];
    for (int i = 0; i < buffers.length; i++) {
      views[i] = buffers[i].duplicate();
    }
    if (length >= WORTH_A_THREAD) {
      return CompletableFuture.runAsync(() -> update(views), executor);
    }
    update(views);
    return CompletableFuture.completedFuture(null);
  }

  private void update(ByteBuffer[] views) {
    for (ByteBuffer view : views) {
      computation.update(view);
    }
  }

  /** The digest of all bytes so far; more may follow. */
  Digest current() {
    try {
      return Digest.of(algorithm, (MessageDigest) computation.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + algorithm + " can be cloned", e);
    }
  }
}
