package dev.entrepot.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link BlobStore#stat}, {@link BlobStore#open}, {@link BlobStore#delete} and presigned URLs. */
abstract class ReadContract extends StoreTests {
  private static final int SIZE = 200_000;

  abstract boolean presigns();

  @Test
  void nothingIsAtAKeyThatWasNeverMade() {
    String value = put(content(10)).key().value();
    for (String other :
        List.of(value + "0", value.substring(0, value.lastIndexOf('/')), "a", "x/" + value)) {
      StorageKey absent = new StorageKey(other);
      assertEquals(Optional.empty(), store.stat(absent));
      assertThrows(StorageException.NotFound.class, () -> store.open(absent, new ByteRange(0, 0)));
      store.delete(absent);
    }
    assertArrayEquals(content(10), read(store.list(null, 1).getFirst()));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0, 1",
    "0, 200000",
    "199999, 1",
    "200000, 0",
    "65535, 2",
    "65536, 65536",
    "1, 199998"
  })
  void rangeGivesItsBytes(int offset, int length) {
    StorageKey key = put(content(SIZE)).key();
    ByteRange range = new ByteRange(offset, length);
    try (BlobContent content = store.open(key, range)) {
      assertEquals(range, content.range());
    }
    assertArrayEquals(Arrays.copyOfRange(content(SIZE), offset, offset + length), read(key, range));
  }

  @ParameterizedTest
  @CsvSource({"0, 200001", "199999, 2", "200000, 1", "200001, 0", "9000000000000000000, 1"})
  void rangePastTheEndFails(long offset, long length) {
    StorageKey key = put(content(SIZE)).key();
    assertThrows(
        StorageException.Unavailable.class, () -> store.open(key, new ByteRange(offset, length)));
  }

  @Test
  void emptyBlobCanBeRead() {
    assertArrayEquals(new byte[0], read(put(new byte[0])));
  }

  @Test
  void fileWhereThereIsOneHoldsTheWholeBlob() throws IOException {
    StorageKey key = put(content(SIZE)).key();
    try (BlobContent content = store.open(key, new ByteRange(10, 20))) {
      if (content.file().isPresent()) {
        assertArrayEquals(content(SIZE), Files.readAllBytes(content.file().get()));
      }
    }
  }

  @Test
  void contentMayBeClosedUnreadAndTwice() {
    StoredBlob blob = put(content(SIZE));
    BlobContent unread = store.open(blob.key(), new ByteRange(0, SIZE));
    unread.close();
    unread.close();
    BlobContent read = store.open(blob.key(), new ByteRange(0, SIZE));
    read.stream();
    read.close();
    read.close();
  }

  @Test
  void streamIsGivenOnce() {
    StoredBlob blob = put(content(SIZE));
    try (BlobContent content = store.open(blob.key(), new ByteRange(0, SIZE))) {
      content.stream();
      assertThrows(IllegalStateException.class, content::stream);
    }
  }

  @Test
  void streamGivesSingleBytesAndItsEnd() throws IOException {
    StoredBlob blob = put(new byte[] {-1, 0, 127});
    try (BlobContent content = store.open(blob.key(), new ByteRange(0, 3));
        InputStream stream = content.stream()) {
      assertEquals(255, stream.read());
      assertEquals(0, stream.read(new byte[5], 2, 0));
      assertEquals(2, stream.readNBytes(10).length);
      assertEquals(-1, stream.read());
      assertEquals(-1, stream.read(new byte[5]));
    }
  }

  @Test
  void manyReadersGetTheSameBytes() throws Exception {
    StoredBlob blob = put(content(SIZE));
    for (byte[] bytes : atOnce(20, () -> read(blob))) {
      assertArrayEquals(content(SIZE), bytes);
    }
  }

  @Test
  void deletedBlobIsGone() {
    StoredBlob blob = put(content(10));
    store.delete(blob.key());
    for (BlobStore any : List.of(store, openStore())) {
      assertEquals(Optional.empty(), any.stat(blob.key()));
      assertThrows(
          StorageException.NotFound.class, () -> any.open(blob.key(), new ByteRange(0, 1)));
      assertEquals(List.of(), any.list(null, 10));
    }
  }

  @Test
  void deletingTwiceAndAtOnceIsDeletingOnce() throws Exception {
    StoredBlob kept = put(content(11));
    StoredBlob blob = put(content(10));
    atOnce(
        8,
        () -> {
          store.delete(blob.key());
          return true;
        });
    store.delete(blob.key());
    assertEquals(List.of(kept), store.list(null, 10));
  }

  @Test
  void deletionWhileOpenGivesRightBytesOrAnError() throws IOException {
    StoredBlob blob = put(content(SIZE));
    try (BlobContent open = store.open(blob.key(), new ByteRange(0, SIZE));
        BlobContent reading = store.open(blob.key(), new ByteRange(0, SIZE));
        InputStream stream = reading.stream()) {
      byte[] start = stream.readNBytes(10);
      store.delete(blob.key());
      assertRightBytesOrError(() -> concat(start, stream.readAllBytes()));
      assertRightBytesOrError(() -> open.stream().readAllBytes());
    }
  }

  private interface Reading {
    byte[] read() throws IOException;
  }

  private static void assertRightBytesOrError(Reading reading) throws IOException {
    try {
      assertArrayEquals(content(SIZE), reading.read());
    } catch (StorageException.NotFound | StorageException.Unavailable e) {
      // What the interface names.
    }
  }

  @Test
  void presignedUrlGivesTheWholeBlobWhereThereAreSuch() throws Exception {
    StoredBlob blob = put(content(SIZE));
    var read = new PresignedRead(Duration.ofMinutes(1), "text/x-test", Optional.of("a\"b.txt"));
    Optional<URI> url = store.presign(blob.key(), read);
    assertEquals(presigns(), url.isPresent());
    if (url.isPresent()) {
      try (HttpClient client = HttpClient.newHttpClient()) {
        var request = HttpRequest.newBuilder(url.get());
        var whole = client.send(request.build(), BodyHandlers.ofByteArray());
        assertEquals(200, whole.statusCode());
        assertArrayEquals(content(SIZE), whole.body());
        assertEquals("text/x-test", whole.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
            "attachment; filename=\"a\\\"b.txt\"",
            whole.headers().firstValue("Content-Disposition").orElseThrow());

        var part =
            client.send(request.header("Range", "bytes=10-19").build(), BodyHandlers.ofByteArray());
        assertEquals(206, part.statusCode());
        assertArrayEquals(Arrays.copyOfRange(content(SIZE), 10, 20), part.body());
      }
    }
  }
}
