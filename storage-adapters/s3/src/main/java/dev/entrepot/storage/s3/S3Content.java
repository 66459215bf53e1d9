package dev.entrepot.storage.s3;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * An answer's bytes. A connection that breaks half-way is replaced by another one for the rest: the
 * bytes at a key never change.
 */
final class S3Content implements BlobContent {
  private final S3Client client;
  private final String key;
  private final ByteRange range;
  private final int attempts;
  private final Runnable onClose;
  private @Nullable Response response;
  private boolean given;
  private boolean closed;

  /**
   * @param response to the first request; null when the range is empty
   * @param onClose is run when this is closed
   */
  S3Content(
      S3Client client,
      String key,
      ByteRange range,
      int attempts,
      Runnable onClose,
      @Nullable Response response) {
    this.client = client;
    this.key = key;
    this.range = range;
    this.attempts = attempts;
    this.onClose = onClose;
    this.response = response;
  }

  @Override
  public ByteRange range() {
    return range;
  }

  @Override
  public Optional<Path> file() {
    return Optional.empty();
  }

  @Override
  public InputStream stream() {
    if (given) {
      throw new IllegalStateException("the stream was asked for before");
    }
    given = true;
    return new RangeStream();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeResponse();
      onClose.run();
    }
  }

  private void closeResponse() {
    if (response != null) {
      response.close();
      response = null;
    }
  }

  private final class RangeStream extends InputStream {
    private long position = range.offset();
    private int failures;

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      long left = range.last() + 1 - position;
      if (length == 0 || left == 0) {
        return length == 0 ? 0 : -1;
      }
      while (true) {
        try {
          Response from = response;
          if (from == null || closed) {
            throw new IOException("closed");
          }
          int count = from.body().byteStream().read(target, offset, (int) Math.min(length, left));
          if (count < 0) {
            throw new IOException("ends at " + position);
          }
          position += count;
          failures = 0;
          return count;
        } catch (IOException e) {
          goOn(e);
        }
      }
    }

    private void goOn(IOException failure) {
      if (closed || ++failures >= attempts) {
        throw new StorageException.Unavailable("cannot read " + key + ": " + failure, failure);
      }
      closeResponse();
      Retries.pause(failures);
      try {
        response = client.get(key, new ByteRange(position, range.last() + 1 - position));
      } catch (FailedRequest e) {
        throw new StorageException.NotFound(key);
      }
    }

    @Override
    public void close() {
      S3Content.this.close();
    }
  }
}
