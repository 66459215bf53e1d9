package dev.entrepot.transfer;

import dev.entrepot.blob.BlobIndex;
import dev.entrepot.blob.BlobLocation;
import dev.entrepot.blob.Published;
import dev.entrepot.database.Database;
import dev.entrepot.event.Actor;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.RepositoryService;
import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Makes files blobs of a repository. */
@Singleton
class AdoptedBlobs {
  private static final int HOLDERS = 10;

  private final Database database;
  private final RepositoryService repositories;
  private final BlobIndex index;
  private final BlobStore store;
  private final ContentEvents events;

  AdoptedBlobs(
      Database database,
      RepositoryService repositories,
      BlobIndex index,
      BlobStore store,
      ContentEvents events) {
    this.database = database;
    this.repositories = repositories;
    this.index = index;
    this.store = store;
    this.events = events;
  }

  /**
   * Makes a file a blob, unless the repository has it already. Its digest is checked.
   *
   * @param linking whether the file may be linked into the store
   * @return why it cannot be done; empty when the blob is there
   */
  Optional<String> adopt(RepositoryName repository, Digest digest, Path file, boolean linking)
      throws IOException {
    if (isIn(repository, digest) || isMounted(repository, digest)) {
      return Optional.empty();
    }
    try {
      StorageKey key = BlobKeys.named(digest);
      long size = Files.size(file);
      if (!(linking && isLinked(key, digest, file))) {
        try (InputStream bytes = Files.newInputStream(file)) {
          store.restore(key, digest, size, bytes);
        }
      }
      publish(repository, digest, new StoredBlob(key, size, Instant.now()));
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.of("its bytes are not there");
    } catch (StorageException.DigestMismatch e) {
      return Optional.of("its bytes are not what they were: " + e.getMessage());
    }
  }

  private boolean isIn(RepositoryName repository, Digest digest) {
    return repositories.find(repository).isPresent()
        && index.find(repository, digest).filter(this::hasBytes).isPresent();
  }

  private boolean isMounted(RepositoryName repository, Digest digest) {
    return index.listHolders(digest, HOLDERS).stream()
        .filter(holder -> !holder.equals(repository))
        .anyMatch(
            holder ->
                index.mount(repository, holder, Actor.SYSTEM, digest, this::hasBytes).isPresent());
  }

  private boolean hasBytes(BlobLocation location) {
    return location.isIn(store);
  }

  private boolean isLinked(StorageKey key, Digest digest, Path file) throws IOException {
    if (!(store instanceof FilesystemBlobStore here)) {
      return false;
    }
    Digest actual = digestOf(file, digest);
    if (!actual.equals(digest)) {
      throw new StorageException.DigestMismatch(digest, actual);
    }
    return here.link(key, digest, file);
  }

  private static Digest digestOf(Path file, Digest like) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return Digest.ofContent(like.algorithm(), bytes);
    }
  }

  private void publish(RepositoryName repository, Digest digest, StoredBlob stored) {
    Published published =
        database.transact(
            transaction ->
                index.publish(
                    transaction, repository, Actor.SYSTEM, digest, stored, this::hasBytes));
    if (published.redundant()) {
      store.delete(stored.key());
    }
    events.publish(new ContentEvent.BlobLinked(repository, digest));
  }
}
