package dev.entrepot.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ResumingStreamTest {
  private static final StorageKey KEY = new StorageKey("blobs/a");
  private static final byte[] BLOB = new byte[100_000];

  static {
    new Random(7).nextBytes(BLOB);
  }

  /** How the next openings of the store end; those after them go well. */
  private enum Ending {
    REFUSED,
    IO_ERROR,
    UNAVAILABLE,
    EARLY_END
  }

  private final Deque<Ending> endings = new ArrayDeque<>();
  private final AtomicInteger resumptions = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  private final class BreakingStore extends ReadOnlyStore {
    @Override
    public BlobContent open(StorageKey key, ByteRange range) {
      Ending ending = endings.poll();
      if (ending == Ending.REFUSED) {
        throw new StorageException.Unavailable("refused", null);
      }
      open.incrementAndGet();
      return new BreakingContent(range, ending);
    }
  }

  private final class BreakingContent implements BlobContent {
    private final ByteRange range;
    private final Ending ending;
    private boolean closed;

    BreakingContent(ByteRange range, Ending ending) {
      this.range = range;
      this.ending = ending;
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
      int sent = (int) (ending == null ? range.length() : range.length() / 2);
      var bytes = new ByteArrayInputStream(BLOB, (int) range.offset(), sent);
      return new FilterInputStream(bytes) {
        @Override
        public int read(byte[] into, int at, int length) throws IOException {
          int count = super.read(into, at, length);
          if (count < 0 && ending == Ending.IO_ERROR) {
            throw new IOException("reset");
          }
          if (count < 0 && ending == Ending.UNAVAILABLE) {
            throw new StorageException.Unavailable("timed out", null);
          }
          return count;
        }
      };
    }

    @Override
    public void close() {
      if (!closed) {
        open.decrementAndGet();
      }
      closed = true;
    }
  }

  private byte[] read(ByteRange range) throws IOException {
    BreakingStore store = new BreakingStore();
    try (InputStream in =
        new ResumingStream(store, KEY, store.open(KEY, range), resumptions::incrementAndGet)) {
      return in.readAllBytes();
    }
  }

  private static byte[] part(int from, int length) {
    return Arrays.copyOfRange(BLOB, from, from + length);
  }

  @Test
  void bytesComeOnceWhenNothingBreaks() throws IOException {
    assertArrayEquals(part(10, 5_000), read(new ByteRange(10, 5_000)));
    assertEquals(0, resumptions.get());
    assertEquals(0, open.get());
  }

  @Test
  void whatBreaksOffGoesOnWhereItDid() throws IOException {
    endings.add(Ending.IO_ERROR);
    endings.add(Ending.UNAVAILABLE);
    endings.add(Ending.EARLY_END);
    assertArrayEquals(part(10, 50_000), read(new ByteRange(10, 50_000)));
    assertEquals(3, resumptions.get());
    assertEquals(0, open.get());
  }

  @Test
  void aRefusalToGoOnIsTriedAgain() throws IOException {
    endings.add(Ending.IO_ERROR);
    endings.add(Ending.REFUSED);
    assertArrayEquals(BLOB, read(new ByteRange(0, BLOB.length)));
    assertEquals(2, resumptions.get());
  }

  @Test
  void aStoreThatNeverGivesAllIsGivenUp() {
    for (int i = 0; i < 100; i++) {
      endings.add(Ending.EARLY_END);
    }
    assertThrows(IOException.class, () -> read(new ByteRange(0, BLOB.length)));
    assertEquals(0, open.get());
  }
}
