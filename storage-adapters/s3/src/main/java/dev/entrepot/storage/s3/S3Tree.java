package dev.entrepot.storage.s3;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.StorageException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * The objects of a bucket as files in folders, only to be read: what another program keeps there.
 * All methods throw {@link StorageException.Unavailable} when the bucket cannot be used.
 */
public final class S3Tree implements AutoCloseable {
  private static final int PAGE = 1000;

  private final ExecutorService executor;
  private final OkHttpClient http;
  private final S3Client client;
  private final int attempts;

  /** Of a bucket, which is not asked for anything yet. */
  public S3Tree(S3Settings settings) {
    this.executor = Executors.newVirtualThreadPerTaskExecutor();
    this.http = S3Http.client(settings, executor);
    this.client = new S3Client(settings, http);
    this.attempts = settings.limits().attempts();
  }

  /** Whether there is an object whose key starts so. */
  public boolean has(String prefix) {
    return !client.list(prefix, null, 1).isEmpty();
  }

  /**
   * The names of the folders right in one; none when it is not there. They are asked for in pages,
   * as they are needed.
   *
   * @param folder ends with a slash, or is empty for the whole bucket
   */
  public Stream<String> folders(String folder) {
    return client.folders(folder, PAGE);
  }

  /** The first bytes of an object, at most {@code limit}; empty when there is none. */
  public Optional<byte[]> read(String key, int limit) {
    return client.read(key, limit);
  }

  /** The size of an object; empty when there is none. */
  public Optional<Long> size(String key) {
    return client.size(key);
  }

  /**
   * The bytes of an object, without holding more than a buffer of them. A connection that breaks is
   * replaced by another one for the rest.
   *
   * @param size as {@link #size} says
   * @throws StorageException.NotFound when it is not there any more
   */
  public BlobContent open(String key, long size) {
    ByteRange range = new ByteRange(0, size);
    try {
      Response response = size == 0 ? null : client.get(key, range);
      return new S3Content(client, key, range, attempts, () -> {}, response);
    } catch (FailedRequest e) {
      throw new StorageException.NotFound(key);
    }
  }

  @Override
  public void close() {
    http.connectionPool().evictAll();
    executor.close();
  }
}
