package dev.entrepot.blob;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.PresignedRead;
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

/** For stores of tests that only read: everything else is refused. */
abstract class ReadOnlyStore implements BlobStore {
  @Override
  public Optional<StoredBlob> stat(StorageKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public BlobUpload startUpload(UUID id, DigestAlgorithm algorithm) {
    throw new UnsupportedOperationException();
  }

  @Override
  public BlobUpload resumeUpload(UUID id, DigestAlgorithm algorithm, UploadState state) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<StoredBlob> findCommitted(UUID id, Digest digest) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void abortUpload(UUID id, UploadState state) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<UUID> listUploads(Duration age, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(StorageKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<StoredBlob> list(@Nullable StorageKey after, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<URI> presign(StorageKey key, PresignedRead read) {
    return Optional.empty();
  }

  @Override
  public void restore(StorageKey key, Digest digest, long size, InputStream bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Digest> digest(StorageKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StoreJournal journal() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long minChunk() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  @Override
  public UUID claim(UUID owner) {
    throw new UnsupportedOperationException();
  }
}
