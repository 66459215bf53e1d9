package dev.entrepot.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Another store with the same bytes under the same keys: a bucket that the store's own replication
 * fills, a copy of the directory, the {@code store} of a backup. It is only read, when the bytes of
 * a blob are found to be lost or rotten.
 */
public interface ReplicaStorageConfig {
  /** Its kind; absent when there is none. */
  Optional<StorageConfig.Type> type();

  /** With {@code filesystem}: its directory. */
  Optional<Path> directory();

  /** With {@code s3}: the object store. */
  S3Config s3();
}
