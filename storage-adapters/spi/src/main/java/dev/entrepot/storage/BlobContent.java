package dev.entrepot.storage;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Opened bytes of a blob, to be sent once. Close it, also when nothing was read.
 *
 * <p>A store on a local file system names the {@link #file()} so that the server can hand it to the
 * kernel ({@code sendfile}) instead of copying; every store gives the {@link #stream()}.
 */
public interface BlobContent extends AutoCloseable {
  /** The bytes that will come: the range asked for. */
  ByteRange range();

  /** The file that holds the whole blob; the range must be cut from it by the caller. */
  Optional<Path> file();

  /**
   * The bytes of the range, in order. To be called once; the second time is an {@link
   * IllegalStateException}.
   *
   * @throws StorageException.NotFound when the blob was deleted since it was opened
   * @throws StorageException.Unavailable from its {@code read} when the store fails half-way; the
   *     bytes read until then were right
   */
  InputStream stream();

  @Override
  void close();
}
