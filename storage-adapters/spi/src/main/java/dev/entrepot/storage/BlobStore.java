package dev.entrepot.storage;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps bytes under keys. Knows storage keys and digests; never repositories, HTTP or SQL.
 *
 * <p>Safe for use by many threads. Every method may block, and every method may fail with {@link
 * StorageException.Unavailable}; other errors are named where they occur.
 */
public interface BlobStore extends AutoCloseable {
  /** What is at the key; empty when nothing is. */
  Optional<StoredBlob> stat(StorageKey key);

  /** Whether so many bytes are at the key, as far as can be told without reading them. */
  default boolean has(StorageKey key, long size) {
    return stat(key).filter(there -> there.size() == size).isPresent();
  }

  /**
   * Opens bytes of a blob.
   *
   * @param range must lie within the blob, whose size the caller knows
   * @throws StorageException.NotFound when nothing is at the key
   * @throws StorageException.Unavailable also when the blob ends before the range does
   */
  BlobContent open(StorageKey key, ByteRange range);

  /** The digest of all bytes of a blob, which are read for it. */
  default Digest digestOf(StoredBlob blob, DigestAlgorithm algorithm) {
    try (BlobContent content = open(blob.key(), new ByteRange(0, blob.size()));
        InputStream bytes = content.stream()) {
      return Digest.ofContent(algorithm, bytes);
    } catch (IOException e) {
      throw new StorageException.Unavailable("cannot read " + blob.key(), e);
    }
  }

  /**
   * Starts an upload. Twice with the same id: the earlier bytes are dropped.
   *
   * @param algorithm the digest to compute on the way; another can still be asked for at the end
   */
  BlobUpload startUpload(UUID id, DigestAlgorithm algorithm);

  /**
   * Continues a suspended upload exactly at {@code state.offset()}; bytes past it are dropped. Of
   * the states of an upload, the last two that {@link BlobUpload#suspend} gave can be used: the
   * last one may not have been kept.
   *
   * @throws StorageException.NotFound when there is no such upload
   * @throws StorageException.OffsetMismatch when fewer bytes are there than the state says; the
   *     upload stays as it was
   */
  BlobUpload resumeUpload(UUID id, DigestAlgorithm algorithm, UploadState state);

  /**
   * Like {@link #resumeUpload} where another process may still write to the upload, because it was
   * away for long: what it writes from now on does not become part of what is continued here. It
   * may make the upload fail.
   */
  default BlobUpload takeOverUpload(UUID id, DigestAlgorithm algorithm, UploadState state) {
    return resumeUpload(id, algorithm, state);
  }

  /**
   * What a commit of an upload has stored that cannot be resumed since, and whose key was not kept:
   * whoever did it died, or lost its database, between the two.
   *
   * @return bytes of this digest, checked, that this upload has brought; empty when it has not been
   *     committed, or what it stored was deleted since
   */
  Optional<StoredBlob> findCommitted(UUID id, Digest digest);

  /**
   * Drops a suspended upload and its bytes. Does nothing when there is none.
   *
   * @param state what was kept of the upload; {@link UploadState#EMPTY} when nothing was, as for
   *     ids from {@link #listUploads}
   */
  void abortUpload(UUID id, UploadState state);

  /**
   * Lists uploads, at least those that hold bytes, that were last touched {@code age} ago or
   * earlier; also those that a crash has left behind.
   *
   * @param limit at most so many, at least 1
   * @return their ids in no order; dropping them is the way to the next ones
   */
  List<UUID> listUploads(Duration age, int limit);

  /**
   * Deletes the bytes at the key. Does nothing when there are none. When this returns, the bytes do
   * not come back, also not after a crash.
   *
   * @throws StorageException.OutcomeUnknown when they may come back; deleting again is safe
   */
  void delete(StorageKey key);

  /**
   * Lists keys in ascending order of their text.
   *
   * @param after only keys after this one; null from the start
   * @param limit at most so many, at least 1
   * @return fewer than {@code limit} only at the end
   */
  List<StoredBlob> list(@Nullable StorageKey after, int limit);

  /**
   * A URL by which a client can read the whole blob itself for a time. Whether there is one is not
   * looked up.
   *
   * @return empty when this store has no such URLs
   */
  Optional<URI> presign(StorageKey key, PresignedRead read);

  /**
   * Puts bytes under a key that another store, or a backup of this one, had them under. They are
   * visible only when they are whole, checked and durable; then {@link #digest} knows their digest.
   * Nothing is read and nothing happens when bytes of that size are there.
   *
   * @param key as {@link BlobKeys} makes them; if it names a digest, this one
   * @param bytes are read and not closed; an IOException of theirs is thrown on as an {@link
   *     java.io.UncheckedIOException}, and nothing is kept
   * @throws StorageException.DigestMismatch when the bytes have another digest; nothing is kept
   * @throws StorageException.OutcomeUnknown when it cannot be told whether the bytes were stored;
   *     doing it again is safe
   */
  void restore(StorageKey key, Digest digest, long size, InputStream bytes);

  /**
   * The digest that was noted for the bytes when they were committed, for rebuilding what the
   * database knew; empty when there is no such note. Whether the bytes are there is not looked up.
   */
  Optional<Digest> digest(StorageKey key);

  /**
   * Notes whose store this is, unless somebody is noted already.
   *
   * @return whose it is
   */
  UUID claim(UUID owner);

  /** What is kept beside the blobs, for rebuilding; of this store, and closed with it. */
  StoreJournal journal();

  /**
   * Bytes that every chunk of an upload but the last should have at least: smaller ones are taken,
   * and cost more.
   */
  long minChunk();

  /** Frees what the process holds. To be called when nothing else is under way. */
  @Override
  void close();
}
