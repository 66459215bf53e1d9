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
import java.time.Instant;
import java.util.Optional;

/** Makes what another registry keeps blobs of a repository. */
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
   * Makes the bytes of a digest a blob, unless the repository has it already. They are checked.
   *
   * @param linking whether their file may be linked into the store
   * @return why it cannot be done; empty when the blob is there
   */
  Optional<String> adopt(
      RepositoryName repository, Digest digest, DistributionLayout layout, boolean linking)
      throws IOException {
    if (isIn(repository, digest) || isMounted(repository, digest)) {
      return Optional.empty();
    }
    Optional<SourceTree.File> found = layout.data(digest);
    if (found.isEmpty()) {
      return Optional.of("its bytes are not there");
    }
    SourceTree.File file = found.get();
    try {
      StorageKey key = BlobKeys.named(digest);
      if (!(linking && isLinked(key, digest, file))) {
        try (InputStream bytes = file.open()) {
          store.restore(key, digest, file.size(), bytes);
        }
      }
      publish(repository, digest, new StoredBlob(key, file.size(), Instant.now()));
      return Optional.empty();
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

  private boolean isLinked(StorageKey key, Digest digest, SourceTree.File file) throws IOException {
    if (file.path().isEmpty() || !(store instanceof FilesystemBlobStore here)) {
      return false;
    }
    Digest actual = digestOf(file, digest);
    if (!actual.equals(digest)) {
      throw new StorageException.DigestMismatch(digest, actual);
    }
    return here.link(key, digest, file.path().get());
  }

  private static Digest digestOf(SourceTree.File file, Digest like) throws IOException {
    try (InputStream bytes = file.open()) {
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
