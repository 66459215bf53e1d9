package dev.entrepot.store;

import dev.entrepot.storage.BlobContent;
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
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A store that blobs are moving to: what is not here yet is read where it was before. New bytes
 * come here only, and what is deleted is deleted in both. Uploads that the previous store had begun
 * cannot be continued here.
 */
public final class ReadThroughStore implements BlobStore {
  private final BlobStore current;
  private final BlobStore previous;

  /** Owns both from now on. */
  public ReadThroughStore(BlobStore current, BlobStore previous) {
    this.current = current;
    this.previous = previous;
  }

  /** Where blobs move to. */
  public BlobStore current() {
    return current;
  }

  /** Where they were before. */
  public BlobStore previous() {
    return previous;
  }

  @Override
  public Optional<StoredBlob> stat(StorageKey key) {
    return current.stat(key).or(() -> previous.stat(key));
  }

  @Override
  public BlobContent open(StorageKey key, ByteRange range) {
    try {
      return current.open(key, range);
    } catch (StorageException.NotFound notYetHere) {
      return previous.open(key, range);
    }
  }

  @Override
  public BlobUpload startUpload(UUID id, DigestAlgorithm algorithm) {
    return current.startUpload(id, algorithm);
  }

  @Override
  public BlobUpload resumeUpload(UUID id, DigestAlgorithm algorithm, UploadState state) {
    return current.resumeUpload(id, algorithm, state);
  }

  @Override
  public Optional<StoredBlob> findCommitted(UUID id, Digest digest) {
    return current.findCommitted(id, digest);
  }

  @Override
  public void abortUpload(UUID id, UploadState state) {
    current.abortUpload(id, state);
  }

  @Override
  public List<UUID> listUploads(Duration age, int limit) {
    return current.listUploads(age, limit);
  }

  /** In the previous one first: what is not here any more must not be found there. */
  @Override
  public void delete(StorageKey key) {
    previous.delete(key);
    current.delete(key);
  }

  /** Of the current one: what is only in the previous one is named by rows, or stays behind. */
  @Override
  public List<StoredBlob> list(@Nullable StorageKey after, int limit) {
    return current.list(after, limit);
  }

  @Override
  public Optional<URI> presign(StorageKey key, PresignedRead read) {
    return (current.stat(key).isPresent() ? current : previous).presign(key, read);
  }

  @Override
  public void restore(StorageKey key, Digest digest, long size, InputStream bytes) {
    current.restore(key, digest, size, bytes);
  }

  @Override
  public Optional<Digest> digest(StorageKey key) {
    return current.digest(key).or(() -> previous.digest(key));
  }

  @Override
  public UUID claim(UUID owner) {
    return current.claim(owner);
  }

  @Override
  public StoreJournal journal() {
    return current.journal();
  }

  @Override
  public long minChunk() {
    return current.minChunk();
  }

  @Override
  public void close() {
    current.close();
    previous.close();
  }
}
