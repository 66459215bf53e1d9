package dev.entrepot.storage.filesystem;

import static com.sun.nio.file.ExtendedOpenOption.DIRECT;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * A few aligned buffers that uploads take turns with to write past the page cache ({@code
 * O_DIRECT}). Writing a large blob that way takes half the processor time, and does not push out of
 * the cache what others read (docs/decisions). Who finds none free writes through the cache.
 */
final class DirectBuffers {
  /** What offsets, lengths and memory must be multiples of, on every file system met so far. */
  static final int ALIGNMENT = 4096;

  /** Size of a buffer in bytes: larger ones were no quicker. */
  static final int SIZE = 1 << 20;

  private static final int COUNT = 8;

  private final Semaphore free = new Semaphore(COUNT);
  private final Queue<ByteBuffer> made = new ConcurrentLinkedQueue<>();
  private volatile boolean supported = true;

  /** An empty buffer; nothing when all are in use. */
  Optional<ByteBuffer> take() {
    if (!free.tryAcquire()) {
      return Optional.empty();
    }
    ByteBuffer buffer = made.poll();
    return Optional.of(
        buffer != null
            ? buffer.clear()
            : ByteBuffer.allocateDirect(SIZE + ALIGNMENT).alignedSlice(ALIGNMENT).slice(0, SIZE));
  }

  void giveBack(ByteBuffer buffer) {
    made.add(buffer);
    free.release();
  }

  /** Opens a file once more, past the page cache; nothing where the file system has no such way. */
  Optional<FileChannel> open(Path file) {
    if (!supported) {
      return Optional.empty();
    }
    try {
      return Optional.of(FileChannel.open(file, WRITE, DIRECT, NOFOLLOW_LINKS));
    } catch (UnsupportedOperationException e) {
      supported = false;
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // slower, not worse; the next file may have more luck
    }
  }
}
