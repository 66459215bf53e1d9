package dev.entrepot.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of another registry, only to be read. Paths are relative to its root, their segments
 * separated by slashes. Safe for use by many threads.
 */
interface SourceTree extends AutoCloseable {
  /** Whether there is such a folder. */
  boolean hasFolder(String path);

  /**
   * The names of the folders right in one, in any order, of which there may be more than fit into
   * memory; none when it is not there. To be closed.
   */
  Stream<String> folders(String path) throws IOException;

  /** The first bytes of a file, at most {@code limit}; empty when it is not there. */
  Optional<byte[]> read(String path, int limit) throws IOException;

  /** A file of any size; empty when it is not there. */
  Optional<File> find(String path) throws IOException;

  @Override
  void close();

  /** A file that was there when it was looked for. */
  interface File {
    long size();

    /** Its bytes, as they are read; fails when it is not there any more. */
    InputStream open() throws IOException;

    /** Where it is, on a file system of this machine. */
    Optional<Path> path();
  }
}
