package dev.entrepot.storage.s3;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoreJournal;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import io.minio.messages.Contents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * A {@link BlobStore} in a bucket. It relies on what all stores have: objects are there whole or
 * not at all, and for everybody as soon as a request is answered. Not on conditional deletes, on
 * conditional copies, on rules of the bucket, or on lists of uploads in parts.
 */
public final class S3BlobStore implements BlobStore {
  private static final String BLOBS = "blobs/";
  private static final String IDENTITY = "identity";
  private static final int PAGE = 1000;
  private static final int READ = 256 << 10;

  private final ExecutorService executor;
  private final OkHttpClient http;
  private final S3Client client;
  private final S3Limits limits;
  private final BufferPool pool;
  private final SideObjects sides;
  private final Semaphore streams;

  private S3BlobStore(S3Settings settings) {
    this.limits = settings.limits();
    this.executor = Executors.newVirtualThreadPerTaskExecutor();
    this.http = S3Http.client(settings, executor);
    this.client = new S3Client(settings, http);
    this.pool = new BufferPool(limits.bufferBudget(), limits.bufferWait());
    this.sides = new SideObjects(client);
    this.streams = new Semaphore(limits.maxConnections());
  }

  /**
   * Opens the store.
   *
   * @throws StorageException.Unavailable when the bucket cannot be listed, with the reason
   */
  public static S3BlobStore open(S3Settings settings) {
    S3BlobStore store = new S3BlobStore(settings);
    try {
      store.client.list(BLOBS, null, 1);
      return store;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  @Override
  public Optional<StoredBlob> stat(StorageKey key) {
    return BlobKeys.isBlobKey(key.value()) ? client.stat(key) : Optional.empty();
  }

  @Override
  public BlobContent open(StorageKey key, ByteRange range) {
    if (!BlobKeys.isBlobKey(key.value())) {
      throw notFound(key);
    }
    return openAny(key, range);
  }

  private BlobContent openAny(StorageKey key, ByteRange range) {
    takeStream();
    boolean opened = false;
    try {
      Response response = range.length() == 0 ? requireWithin(key, range) : get(key, range);
      opened = true;
      return new S3Content(
          client, key.value(), range, limits.attempts(), streams::release, response);
    } finally {
      if (!opened) {
        streams.release();
      }
    }
  }

  private void takeStream() {
    try {
      if (streams.tryAcquire(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new StorageException.Unavailable("too many blobs are being read", null);
  }

  private @Nullable Response requireWithin(StorageKey key, ByteRange range) {
    StoredBlob blob = client.stat(key).orElseThrow(() -> notFound(key));
    if (range.offset() > blob.size()) {
      throw tooShort(key, range);
    }
    return null;
  }

  private Response get(StorageKey key, ByteRange range) {
    Response response;
    try {
      response = client.get(key.value(), range);
    } catch (FailedRequest e) {
      throw e.kind() == S3Failure.Kind.RANGE ? tooShort(key, range) : notFound(key);
    }
    String expected = "bytes " + range.offset() + "-" + range.last() + "/";
    if (response.header("Content-Range", "").startsWith(expected)) {
      return response;
    }
    response.close();
    throw tooShort(key, range);
  }

  private static StorageException notFound(StorageKey key) {
    return new StorageException.NotFound(key.value());
  }

  private static StorageException tooShort(StorageKey key, ByteRange range) {
    return new StorageException.Unavailable(key + " ends before " + range, null);
  }

  @Override
  public BlobUpload startUpload(UUID id, DigestAlgorithm algorithm) {
    return new S3Upload(this, id, algorithm, (StorageKey) null);
  }

  @Override
  public BlobUpload resumeUpload(UUID id, DigestAlgorithm algorithm, UploadState state) {
    UploadNotes notes =
        UploadNotes.parse(state.detail())
            .orElseThrow(() -> new StorageException.NotFound("upload " + id));
    Optional<StoredBlob> tail = client.stat(new StorageKey(notes.tail().key()));
    if (tail.filter(found -> found.size() == notes.tail().size()).isEmpty()) {
      throw new StorageException.NotFound("upload " + id);
    }
    if (notes.size() != state.offset()) {
      throw new StorageException.OffsetMismatch(state.offset(), notes.size());
    }
    return new S3Upload(this, id, algorithm, notes);
  }

  /**
   * Bytes of one part are under a key that names upload and digest. Those of several may have begun
   * after the last state that was kept, so they are looked for by what their keys have in common.
   */
  @Override
  public Optional<StoredBlob> findCommitted(UUID id, Digest digest) {
    return client.list(BlobKeys.unnamedPrefix(id), null, PAGE).stream()
        .map(object -> new StorageKey(object.objectName()))
        .filter(key -> digest(key).equals(Optional.of(digest)))
        .findFirst()
        .or(() -> Optional.of(BlobKeys.named(digest, id)))
        .flatMap(this::stat);
  }

  @Override
  public void abortUpload(UUID id, UploadState state) {
    sides.dropUpload(id);
  }

  @Override
  public List<UUID> listUploads(Duration age, int limit) {
    requirePositive(limit);
    return sides.listUploads(Instant.now().minus(age), limit);
  }

  @Override
  public void delete(StorageKey key) {
    if (!BlobKeys.isBlobKey(key.value())) {
      return;
    }
    client.delete(key.value());
    if (BlobKeys.digest(key).isEmpty()) {
      client.delete(note(key));
    }
  }

  @Override
  public List<StoredBlob> list(@Nullable StorageKey after, int limit) {
    requirePositive(limit);
    List<StoredBlob> page = new ArrayList<>();
    String last = after == null ? null : after.value();
    while (page.size() < limit) {
      int asked = Math.min(PAGE, limit - page.size());
      List<Contents> objects = client.list(BLOBS, last, asked);
      for (Contents object : objects) {
        last = object.objectName();
        if (BlobKeys.isBlobKey(last)) {
          Instant modified = object.lastModified().toInstant().truncatedTo(ChronoUnit.SECONDS);
          page.add(new StoredBlob(new StorageKey(last), object.size(), modified));
        }
      }
      if (objects.size() < asked) {
        break;
      }
    }
    return page;
  }

  @Override
  public Optional<URI> presign(StorageKey key, PresignedRead read) {
    return client.presign(key, read);
  }

  @Override
  public void restore(StorageKey key, Digest digest, long size, InputStream bytes) {
    BlobKeys.require(key, digest);
    if (has(key, size)) {
      return;
    }
    S3Upload upload = new S3Upload(this, UUID.randomUUID(), digest.algorithm(), key);
    try {
      byte[] chunk = new byte[READ];
      for (int n = bytes.read(chunk); n >= 0; n = bytes.read(chunk)) {
        upload.append(List.of(ByteBuffer.wrap(chunk, 0, n)));
      }
      upload.commit(digest);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bytes to restore", e);
    } finally {
      upload.abort(); // does nothing after the commit
      upload.close();
    }
  }

  @Override
  public Optional<Digest> digest(StorageKey key) {
    return BlobKeys.isBlobKey(key.value())
        ? BlobKeys.digest(key).or(() -> sides.read(note(key)).flatMap(Digest::tryParse))
        : Optional.empty();
  }

  @Override
  public UUID claim(UUID owner) {
    Optional<String> found = sides.read(IDENTITY);
    if (found.isEmpty()) {
      sides.write(IDENTITY, owner.toString(), true);
      found = sides.read(IDENTITY);
    }
    try {
      return UUID.fromString(found.orElse("nobody"));
    } catch (IllegalArgumentException e) {
      throw new StorageException.Unavailable("the object " + IDENTITY + " names nobody", e);
    }
  }

  @Override
  public StoreJournal journal() {
    return new S3Journal(client);
  }

  @Override
  public long minChunk() {
    return S3Limits.MIN_PART;
  }

  @Override
  public void close() {
    http.connectionPool().evictAll();
    executor.close();
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, not " + limit);
    }
  }

  // What uploads need.

  static String note(StorageKey key) {
    return "notes/" + key.value();
  }

  S3Limits limits() {
    return limits;
  }

  BufferPool pool() {
    return pool;
  }

  SideObjects sides() {
    return sides;
  }

  Multipart multipart(Multipart.Started started, List<Multipart.Stored> parts) {
    return new Multipart(client, executor, limits.parallelParts(), started, parts);
  }

  Multipart startMultipart(UUID id, StorageKey key) {
    var started = new Multipart.Started(key, client.startMultipart(key), SideObjects.newMarker(id));
    sides.writeMarker(started);
    return multipart(started, List.of());
  }

  /** Stores a whole blob; nothing is overwritten if it shall be new. */
  StoredBlob putBlob(StorageKey key, PartBuffer bytes, boolean onlyNew) {
    try {
      client.put(key, bytes, onlyNew);
    } catch (StorageException.OutcomeUnknown e) {
      return client.requireStored(key, bytes.length(), e);
    }
    return client.requireStored(key, bytes.length(), null);
  }

  void putTail(UploadNotes.Tail tail, PartBuffer bytes) {
    client.putSide(tail.key(), bytes);
  }

  /** Reads a tail into an empty buffer. */
  void load(UploadNotes.Tail tail, PartBuffer into) {
    if (tail.size() == 0) {
      return;
    }
    StorageKey key = new StorageKey(tail.key());
    try (BlobContent content = openAny(key, new ByteRange(0, tail.size()));
        InputStream stream = content.stream()) {
      while (into.length() < tail.size()) {
        into.makeRoom(S3Limits.MIN_PART);
        into.read(stream, tail.size());
      }
    } catch (IOException e) {
      throw new StorageException.Unavailable("cannot read " + key, e);
    }
  }
}
