package dev.entrepot.blob;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.error.StartupException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreIdentityTest {
  private final UUID mine = UUID.randomUUID();

  @TempDir Path directory;

  @Test
  void aNewStoreTakesTheIdentityAndKeepsIt() {
    StoreIdentity.check(directory, mine);
    assertDoesNotThrow(() -> StoreIdentity.check(directory, mine));
  }

  @Test
  void theStoreOfAnotherDatabaseIsRefused() {
    StoreIdentity.check(directory, UUID.randomUUID());
    StartupException refused =
        assertThrows(StartupException.class, () -> StoreIdentity.check(directory, mine));
    assertTrue(String.valueOf(refused.getMessage()).contains(mine.toString()));
  }
}
