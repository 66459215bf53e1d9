package dev.entrepot.transfer;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.s3.S3Tree;
import dev.entrepot.store.BlobStores;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Objects of a bucket whose keys begin in the same way.
 *
 * @param bucket is closed with this
 * @param root what they begin with: empty, or ends with a slash
 * @param name for messages
 */
record BucketTree(S3Tree bucket, String root, String name) implements SourceTree {
  private static final String SCHEME = "s3://";

  /** Whether this is {@code s3://BUCKET[/DIRECTORY]}. */
  static boolean isNamedBy(String name) {
    return name.startsWith(SCHEME);
  }

  /**
   * Opens it.
   *
   * @throws StartupException when the settings cannot work; some show it at the first request only
   */
  static BucketTree open(String name, EntrepotConfig config) {
    String[] words = name.substring(SCHEME.length()).split("/+", 2);
    String directory = words.length == 1 ? "" : words[1].replaceFirst("/*$", "/");
    S3Tree bucket = BlobStores.openTree(config, words[0]);
    return new BucketTree(bucket, directory.equals("/") ? "" : directory, name);
  }

  @Override
  public boolean hasFolder(String path) {
    try {
      return bucket.has(root + path + "/");
    } catch (StorageException.Unavailable | IllegalArgumentException e) {
      throw new StartupException(
          name + " cannot be read: " + e.getMessage() + ". Check the settings entrepot.adopt.s3.",
          e);
    }
  }

  @Override
  public Stream<String> folders(String path) {
    return bucket.folders(root + path + "/");
  }

  @Override
  public Optional<byte[]> read(String path, int limit) {
    return bucket.read(root + path, limit);
  }

  @Override
  public Optional<File> find(String path) {
    String key = root + path;
    return bucket.size(key).map(size -> new StoredObject(bucket, key, size));
  }

  @Override
  public void close() {
    bucket.close();
  }

  @Override
  public String toString() {
    return name;
  }

  private record StoredObject(S3Tree bucket, String key, long size) implements File {
    @Override
    public InputStream open() {
      return bucket.open(key, size).stream();
    }

    @Override
    public Optional<Path> path() {
      return Optional.empty();
    }
  }
}
