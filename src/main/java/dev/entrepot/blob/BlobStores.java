package dev.entrepot.blob;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Instance;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** Opens the store that the settings name. */
class BlobStores {
  @Produces
  @Singleton
  BlobStore open(EntrepotConfig config, Instance instance) {
    Path directory = config.dataDir().resolve("storage");
    BlobStore store = FilesystemBlobStore.open(directory);
    StoreIdentity.check(directory, instance.identity());
    return store;
  }

  void close(@Disposes BlobStore store) {
    store.close();
  }
}
