package dev.entrepot.store;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Instance;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageException;
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
    return switch (config.storage().type()) {
      case FILESYSTEM -> {
        Path directory = config.dataDir().resolve("storage");
        yield checked(openDirectory(directory), instance, directory.toString());
      }
      case S3 ->
          checked(
              ObjectStores.open(config.storage().s3()),
              instance,
              "bucket " + config.storage().s3().bucket().orElse(""));
    };
  }

  private static BlobStore openDirectory(Path directory) {
    try {
      return FilesystemBlobStore.open(directory);
    } catch (StorageException.Unavailable e) {
      throw unusable(directory, e);
    }
  }

  private static StartupException unusable(Path directory, StorageException e) {
    return new StartupException(
        "The store "
            + directory
            + " cannot be used ("
            + (e.getCause() == null ? e : e.getCause())
            + "). Give it to user "
            + System.getProperty("user.name")
            + ", or choose another directory with --data.",
        e);
  }

  private static BlobStore checked(BlobStore store, Instance instance, String where) {
    try {
      StoreIdentity.check(store, where, instance.identity());
      return store;
    } catch (StorageException e) {
      store.close();
      throw new StartupException("The store in " + where + " cannot be used: " + e.getMessage(), e);
    } catch (StartupException e) {
      store.close();
      throw e;
    }
  }

  void close(@Disposes BlobStore store) {
    store.close();
  }
}
