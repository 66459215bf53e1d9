package dev.entrepot.storage.filesystem;

import static dev.entrepot.storage.filesystem.DurableFiles.unavailable;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bytes of a blob's file. Opens it only for {@link #stream()}: {@code sendfile} opens its own. */
final class FileContent implements BlobContent {
  private final StorageKey key;
  private final Path file;
  private final ByteRange range;
  private @Nullable FileChannel channel;

  FileContent(StorageKey key, Path file, ByteRange range) {
    this.key = key;
    this.file = file;
    this.range = range;
  }

  @Override
  public ByteRange range() {
    return range;
  }

  @Override
  public Optional<Path> file() {
    return Optional.of(file);
  }

  @Override
  public InputStream stream() {
    if (channel != null) {
      throw new IllegalStateException("the stream was asked for before");
    }
    try {
      FileChannel opened = FileChannel.open(file, READ, NOFOLLOW_LINKS);
      channel = opened;
      return new RangeStream(opened, range);
    } catch (NoSuchFileException e) {
      throw new StorageException.NotFound(key.value());
    } catch (IOException e) {
      throw unavailable("cannot open " + key, e);
    }
  }

  @Override
  public void close() {
    if (channel != null) {
      DurableFiles.closeQuietly(channel);
    }
  }

  private final class RangeStream extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long position;

    RangeStream(FileChannel channel, ByteRange range) {
      this.channel = channel;
      this.position = range.offset();
      this.end = range.offset() + range.length();
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int wanted = (int) Math.min(length, end - position);
      if (wanted == 0) {
        return length == 0 ? 0 : -1;
      }
      int count = readSome(ByteBuffer.wrap(target, offset, wanted));
      if (count < 0) {
        throw new StorageException.Unavailable(
            key + " ends at " + position + ", before " + end, null);
      }
      position += count;
      return count;
    }

    private int readSome(ByteBuffer target) {
      try {
        return channel.read(target, position);
      } catch (IOException e) {
        throw unavailable("cannot read " + key, e);
      }
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, end - position);
    }

    @Override
    public void close() {
      DurableFiles.closeQuietly(channel);
    }
  }
}
