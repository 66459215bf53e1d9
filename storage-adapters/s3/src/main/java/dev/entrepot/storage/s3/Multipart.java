package dev.entrepot.storage.s3;

import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import io.minio.messages.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An upload in parts, some of them under way at the same time. One thread uses it. */
final class Multipart {
  /** What is needed to go on with it anywhere: its key, the store's id, and who remembers it. */
  record Started(StorageKey key, String uploadId, String marker) {}

  /** A part that the store has. */
  record Stored(long size, String etag) {}

  private final S3Client client;
  private final ExecutorService executor;
  private final int parallel;
  private final Started started;
  private final List<Stored> stored;
  private final Deque<Future<Stored>> underWay = new ArrayDeque<>();
  private int next;
  private @Nullable StorageException failure;

  Multipart(
      S3Client client,
      ExecutorService executor,
      int parallel,
      Started started,
      List<Stored> stored) {
    this.client = client;
    this.executor = executor;
    this.parallel = parallel;
    this.started = started;
    this.stored = new ArrayList<>(stored);
    this.next = stored.size() + 1;
  }

  Started started() {
    return started;
  }

  /** Those that the store has for certain: call {@link #await} before. */
  List<Stored> stored() {
    return List.copyOf(stored);
  }

  /** The number of the part that comes next. */
  int next() {
    return next;
  }

  /** Starts to send a part, and gives its memory back afterwards, however that ends. */
  void send(PartBuffer bytes) {
    try {
      while (underWay.size() >= parallel) {
        awaitFirst();
      }
    } catch (RuntimeException e) {
      bytes.release();
      throw e;
    }
    int number = next++;
    underWay.add(executor.submit(() -> sendNow(number, bytes)));
  }

  private Stored sendNow(int number, PartBuffer bytes) {
    try {
      long size = bytes.length();
      return new Stored(size, client.putPart(started.key(), started.uploadId(), number, bytes));
    } finally {
      bytes.release();
    }
  }

  /**
   * Waits for all parts.
   *
   * @throws StorageException when one of them failed, now or before
   */
  void await() {
    if (failure != null) {
      throw failure;
    }
    while (!underWay.isEmpty()) {
      awaitFirst();
    }
  }

  private void awaitFirst() {
    try {
      stored.add(underWay.remove().get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = new StorageException.Unavailable("interrupted", e);
      throw failure;
    } catch (ExecutionException e) {
      failure =
          e.getCause() instanceof StorageException cause
              ? cause
              : new StorageException.Unavailable("a part was not stored", e.getCause());
      throw failure;
    }
  }

  /** Waits until no part is under way, whatever became of it. */
  void settle() {
    for (Future<Stored> part : underWay) {
      try {
        part.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException e) {
        // Nobody goes on with this upload here.
      }
    }
  }

  /**
   * Makes the parts one object.
   *
   * @throws StorageException.NotFound when there is no such upload: it was dropped, or is an object
   *     already
   * @throws StorageException.OutcomeUnknown when it may be an object now
   */
  StoredBlob complete() {
    await();
    long size = stored.stream().mapToLong(Stored::size).sum();
    List<Part> parts =
        IntStream.range(0, stored.size())
            .mapToObj(i -> new Part(i + 1, stored.get(i).etag()))
            .toList();
    try {
      client.completeMultipart(started.key(), started.uploadId(), parts);
    } catch (FailedRequest e) {
      throw new StorageException.NotFound("the upload to " + started.key());
    }
    return client.requireStored(started.key(), size, null);
  }
}
