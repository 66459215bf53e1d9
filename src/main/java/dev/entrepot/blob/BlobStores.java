package dev.entrepot.blob;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Instance;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Opens the store that the settings name. */
class BlobStores {
  @Produces
  @Singleton
  BlobStore open(EntrepotConfig config, Instance instance) {
    Path directory = config.dataDir().resolve("storage");
    try {
      BlobStore store = FilesystemBlobStore.open(directory);
      StoreIdentity.check(directory, instance.identity());
      return store;
    } catch (StorageException.Unavailable | UncheckedIOException e) {
      throw new StartupException(
          "The store "
              + directory
              + " cannot be used ("
              + (e.getCause() == null ? e : e.getCause())
              + "). Give it to user "
              + System.getProperty("user.name")
              + ", or choose another directory with --data.",
          e);
    }
  }

  void close(@Disposes BlobStore store) {
    store.close();
  }
}
