package dev.entrepot.storage.filesystem;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.testkit.BlobStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class FilesystemBlobStoreTest extends BlobStoreContract {
  /** Shared, because its 512 folders take longer to create than most tests to run. */
  @TempDir static Path directory;

  @Override
  protected BlobStore openStore() {
    return FilesystemBlobStore.open(directory);
  }

  @AfterEach
  void deleteFiles() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      List<Path> files = paths.filter(Files::isRegularFile).toList();
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }
}
