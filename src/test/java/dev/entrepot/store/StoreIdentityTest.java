package dev.entrepot.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.error.StartupException;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreIdentityTest {
  private final UUID mine = UUID.randomUUID();

  @TempDir Path directory;

  private void check(UUID identity) {
    try (BlobStore store = FilesystemBlobStore.open(directory)) {
      StoreIdentity.check(store, "here", identity);
    }
  }

  @Test
  void aNewStoreTakesTheIdentityAndKeepsIt() {
    check(mine);
    assertDoesNotThrow(() -> check(mine));
  }

  @Test
  void theStoreOfAnotherDatabaseIsRefused() {
    check(UUID.randomUUID());
    StartupException refused = assertThrows(StartupException.class, () -> check(mine));
    assertTrue(String.valueOf(refused.getMessage()).contains(mine.toString()));
  }
}
