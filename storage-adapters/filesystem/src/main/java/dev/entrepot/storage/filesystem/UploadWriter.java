package dev.entrepot.storage.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Writes an upload's bytes to the end of its file: long runs past the page cache, where the file
 * system permits it, short ones through it. Long runs end at a multiple of the alignment; the few
 * bytes beyond wait here for the next run, or for {@link #flush()}.
 */
final class UploadWriter {
  /** Shorter runs are not worth waiting for the disk. */
  private static final long LONG_RUN = 256 << 10;

  private final Path file;
  private final FileChannel channel;
  private final DirectBuffers buffers;
  private final WriteBack writeBack;
  private final byte[] tail = new byte[DirectBuffers.ALIGNMENT];
  private int tailLength;

  /** Bytes in the file, without the tail. */
  private long written;

  private @Nullable FileChannel direct;
  private boolean cacheOnly;

  UploadWriter(
      Path file, FileChannel channel, long offset, DirectBuffers buffers, Executor executor) {
    this.file = file;
    this.channel = channel;
    this.written = offset;
    this.buffers = buffers;
    this.writeBack = new WriteBack(() -> channel.force(false), executor);
  }

  /** Takes bytes. When it fails, the file and the tail are as they were before. */
  void append(ByteBuffer[] bytes, long length) throws IOException {
    long writtenBefore = written;
    byte[] tailBefore = Arrays.copyOf(tail, tailLength);
    try {
      Optional<ByteBuffer> buffer = length >= LONG_RUN ? takeBuffer() : Optional.empty();
      if (buffer.isPresent()) {
        try {
          appendDirectly(bytes, buffer.get());
        } finally {
          buffers.giveBack(buffer.get());
        }
      } else {
        flush();
        appendBuffered(bytes, length);
      }
    } catch (IOException | RuntimeException e) {
      written = writtenBefore;
      tailLength = tailBefore.length;
      System.arraycopy(tailBefore, 0, tail, 0, tailBefore.length);
      takeBack(e);
      throw e;
    }
  }

  /** Writes the bytes that wait, so that the file holds all that was taken. */
  void flush() throws IOException {
    if (tailLength > 0) {
      ByteBuffer[] waiting = {ByteBuffer.wrap(tail, 0, tailLength)};
      appendBuffered(waiting, tailLength);
      tailLength = 0;
    }
  }

  /** Makes all that was taken durable. */
  void sync() throws IOException {
    flush();
    writeBack.finish();
  }

  void close() {
    if (direct != null) {
      DurableFiles.closeQuietly(direct);
    }
    DurableFiles.closeQuietly(channel);
  }

  private Optional<ByteBuffer> takeBuffer() {
    if (direct == null && !cacheOnly) {
      direct = buffers.open(file).orElse(null);
    }
    return direct == null ? Optional.empty() : buffers.take();
  }

  private void appendBuffered(ByteBuffer[] bytes, long length) throws IOException {
    channel.position(written);
    for (long done = 0; done < length; ) {
      done += channel.write(bytes);
    }
    written += length;
    writeBack.written(length);
  }

  private void appendDirectly(ByteBuffer[] bytes, ByteBuffer buffer) throws IOException {
    int misaligned = (int) (written % DirectBuffers.ALIGNMENT);
    if (misaligned > 0) { // there is no tail then: it starts where the file is aligned
      align(bytes, DirectBuffers.ALIGNMENT - misaligned);
    }
    buffer.put(tail, 0, tailLength);
    tailLength = 0;
    for (ByteBuffer from : bytes) {
      while (from.hasRemaining()) {
        move(from, buffer, buffer.remaining());
        if (!buffer.hasRemaining()) {
          writeDirectly(buffer.flip());
        }
      }
    }
    int rest = buffer.position();
    int aligned = rest - rest % DirectBuffers.ALIGNMENT;
    buffer.get(aligned, tail, 0, rest - aligned);
    writeDirectly(buffer.position(aligned).flip());
    tailLength = rest - aligned;
  }

  /** Writes the first bytes through the cache. */
  private void align(ByteBuffer[] bytes, int missing) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(missing);
    for (ByteBuffer from : bytes) {
      move(from, head, head.remaining());
    }
    appendBuffered(new ByteBuffer[] {head.flip()}, head.limit());
  }

  private void writeDirectly(ByteBuffer buffer) throws IOException {
    try {
      while (direct != null && buffer.hasRemaining()) {
        written += direct.write(buffer, written);
      }
    } catch (IOException e) {
      // A file system may open a file so and then want another alignment: on through the cache,
      // which also tells a full disk from that.
      DurableFiles.closeQuietly(direct);
      direct = null;
      cacheOnly = true;
    }
    if (buffer.hasRemaining()) {
      appendBuffered(new ByteBuffer[] {buffer}, buffer.remaining());
    }
    buffer.clear();
  }

  private static void move(ByteBuffer from, ByteBuffer to, int limit) {
    int length = Math.min(from.remaining(), limit);
    to.put(to.position(), from, from.position(), length);
    to.position(to.position() + length);
    from.position(from.position() + length);
  }

  private void takeBack(Exception failure) {
    try {
      channel.truncate(written);
    } catch (IOException e) {
      // Now the bytes in the file are not those that were taken: only dropping them can help.
      failure.addSuppressed(e);
      close();
    }
  }
}
