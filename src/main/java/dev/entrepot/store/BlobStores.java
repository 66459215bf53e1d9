package dev.entrepot.store;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.PreviousStorageConfig;
import dev.entrepot.config.ReplicaStorageConfig;
import dev.entrepot.config.S3Config;
import dev.entrepot.config.StorageConfig;
import dev.entrepot.database.Instance;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.storage.s3.S3Tree;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Opens the store that the settings name. */
public class BlobStores {
  BlobStores() {}

  @Produces
  @Singleton
  BlobStore produce(EntrepotConfig config, Instance instance) {
    return open(config, instance.identity());
  }

  /**
   * Opens it without the rest of the server.
   *
   * @param identity of the database, which the store belongs to from now on if to none before
   * @throws StartupException when it cannot be used, or belongs to another database
   */
  public static BlobStore open(EntrepotConfig config, UUID identity) {
    StorageConfig storage = config.storage();
    PreviousStorageConfig previous = storage.previous();
    Path own = config.dataDir().resolve("storage");
    BlobStore current = open(storage.type(), own, storage.s3(), identity);
    if (previous.type().isEmpty()) {
      return current;
    }
    try {
      Path before = previous.directory().orElse(own);
      return new ReadThroughStore(
          current, open(previous.type().get(), before, previous.s3(), identity));
    } catch (RuntimeException e) {
      current.close();
      throw e;
    }
  }

  /** The replica that the settings name, if any: only read, so whose it is does not matter. */
  static Optional<BlobStore> openReplica(EntrepotConfig config) {
    ReplicaStorageConfig replica = config.storage().replica();
    return replica
        .type()
        .map(
            type ->
                switch (type) {
                  case FILESYSTEM ->
                      FilesystemBlobStore.openToRead(replica.directory().orElseThrow());
                  case S3 -> ObjectStores.open(replica.s3());
                });
  }

  /**
   * A bucket that another program has filled, only to be read.
   *
   * @throws StartupException when the settings entrepot.adopt.s3 cannot work
   */
  public static S3Tree openTree(EntrepotConfig config, String bucket) {
    return ObjectStores.openTree(config.adopt().s3(), bucket, config.storage().s3());
  }

  /**
   * The identity of the database that the store belongs to, for one that is to take its place.
   *
   * @throws StartupException when it cannot be used
   */
  public static UUID owner(EntrepotConfig config) {
    StorageConfig storage = config.storage();
    try (BlobStore store =
        open(storage.type(), config.dataDir().resolve("storage"), storage.s3())) {
      return store.claim(UUID.randomUUID());
    }
  }

  private static BlobStore open(
      StorageConfig.Type type, Path directory, S3Config s3, UUID identity) {
    String where =
        switch (type) {
          case FILESYSTEM -> directory.toString();
          case S3 -> "bucket " + s3.bucket().orElse("");
        };
    return checked(open(type, directory, s3), identity, where);
  }

  private static BlobStore open(StorageConfig.Type type, Path directory, S3Config s3) {
    return switch (type) {
      case FILESYSTEM -> openDirectory(directory);
      case S3 -> ObjectStores.open(s3);
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

  private static BlobStore checked(BlobStore store, UUID identity, String where) {
    try {
      StoreIdentity.check(store, where, identity);
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
