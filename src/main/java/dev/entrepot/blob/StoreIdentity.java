package dev.entrepot.blob;

import dev.entrepot.error.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file in the store's directory that says which database it belongs to. A server that is given
 * the store of another database would answer with rows whose bytes are not there, and clean up
 * bytes that others need: it refuses to start instead.
 */
final class StoreIdentity {
  private static final String FILE = "identity";

  private StoreIdentity() {}

  /**
   * Checks the file, and writes it when there is none.
   *
   * @throws StartupException when it names another database
   */
  static void check(Path directory, UUID identity) {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        write(file, identity);
      }
      String found = Files.readString(file).strip();
      if (!found.equals(identity.toString())) {
        throw new StartupException(
            "The blobs in "
                + directory
                + " belong to another database ("
                + found
                + ", not "
                + identity
                + "). Check entrepot.data-dir and entrepot.database.url.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot check " + file, e);
    }
  }

  private static void write(Path file, UUID identity) throws IOException {
    Path temporary = file.resolveSibling(FILE + ".new");
    Files.writeString(temporary, identity + "\n");
    try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
