package dev.entrepot.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The store from which blobs are being moved: what is not in the store yet is read from there.
 * {@code ./entrepot blobs copy} moves them, and says when these settings can go.
 */
public interface PreviousStorageConfig {
  /** Its kind; absent when nothing is being moved. */
  Optional<StorageConfig.Type> type();

  /** With {@code filesystem}: its directory; {@code storage} in the data directory when absent. */
  Optional<Path> directory();

  /** With {@code s3}: the object store. */
  S3Config s3();
}
