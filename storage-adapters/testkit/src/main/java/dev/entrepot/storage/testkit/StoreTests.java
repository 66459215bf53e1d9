package dev.entrepot.storage.testkit;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;

/** What the parts of the contract share: a store and short ways to fill and read it. */
abstract class StoreTests {
  private static final int BUFFER = 64 << 10;

  BlobStore store;

  abstract BlobStore openStore();

  @BeforeEach
  void open() {
    store = openStore();
  }

  /** Bytes that look random and are the same for the same size in every run. */
  static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  static Digest sha256(byte[] content) {
    return Digest.ofContent(DigestAlgorithm.SHA256, content);
  }

  static Digest sha512(byte[] content) {
    return Digest.ofContent(DigestAlgorithm.SHA512, content);
  }

  BlobUpload start() {
    return store.startUpload(UUID.randomUUID(), DigestAlgorithm.SHA256);
  }

  /** Appends in buffers of the size that a server gets them in. */
  static void append(BlobUpload upload, byte[] content) {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int offset = 0; offset < content.length; offset += BUFFER) {
      buffers.add(ByteBuffer.wrap(content, offset, Math.min(BUFFER, content.length - offset)));
    }
    upload.append(buffers);
  }

  StoredBlob put(byte[] content) {
    return put(content, sha256(content));
  }

  StoredBlob put(byte[] content, Digest digest) {
    try (BlobUpload upload = store.startUpload(UUID.randomUUID(), digest.algorithm())) {
      append(upload, content);
      return upload.commit(digest);
    }
  }

  byte[] read(StoredBlob blob) {
    return read(blob.key(), new ByteRange(0, blob.size()));
  }

  byte[] read(StorageKey key, ByteRange range) {
    try (BlobContent content = store.open(key, range);
        var stream = content.stream()) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a task several times at once; an error of any of them is thrown. */
  static <T> List<T> atOnce(int times, Callable<T> task) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(java.util.Collections.nCopies(times, task))) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
