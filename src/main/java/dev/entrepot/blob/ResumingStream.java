package dev.entrepot.blob;

import dev.entrepot.http.ResponseStream;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * A blob's bytes as the store sends them. When they break off, they are asked for again from where
 * they did, a bounded number of times: the client, which has the first part, notices nothing. A key
 * is used for one content only, so the parts fit together.
 */
final class ResumingStream extends InputStream implements ResponseStream.Writer {
  private static final int MAX_RESUMPTIONS = 8;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final BlobStore store;
  private final StorageKey key;
  private final Runnable onResumption;
  private BlobContent content;
  private InputStream in;
  private long offset;
  private long left;
  private int resumptions;

  /**
   * Reads on in an open content.
   *
   * @param onResumption run each time that the store is asked again
   */
  ResumingStream(BlobStore store, StorageKey key, BlobContent content, Runnable onResumption) {
    this.store = store;
    this.key = key;
    this.content = content;
    this.in = content.stream();
    this.offset = content.range().offset();
    this.left = content.range().length();
    this.onResumption = onResumption;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /**
   * Reads what is there.
   *
   * @throws IOException when the store does not give all bytes; the end is never reported early
   */
  @Override
  public int read(byte[] into, int at, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    while (true) {
      try {
        int count = in.read(into, at, (int) Math.min(length, left));
        if (count < 0) {
          throw new EOFException(left + " bytes of " + key + " are missing");
        }
        offset += count;
        left -= count;
        return count;
      } catch (IOException | StorageException.Unavailable broken) {
        resume(broken);
      }
    }
  }

  private void resume(Exception broken) throws IOException {
    close();
    if (++resumptions > MAX_RESUMPTIONS) {
      throw new IOException("the store breaks off again and again while it sends " + key, broken);
    }
    onResumption.run();
    pause();
    try {
      content = store.open(key, new ByteRange(offset, left));
      in = content.stream();
    } catch (StorageException.Unavailable again) {
      resume(again);
    }
  }

  private void pause() throws InterruptedIOException {
    try {
      Thread.sleep(FIRST_PAUSE.multipliedBy(resumptions));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  @Override
  public void close() {
    content.close();
  }

  @Override
  public void write(OutputStream out) throws IOException {
    try (this) {
      transferTo(out);
    }
  }

  @Override
  public void cancel() {
    close();
  }
}
