package dev.entrepot.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.DeletionHold;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.tag.ContentCore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What adopting does beside bringing content, which is tested with the real registry. */
class AdoptionIT {
  @TempDir Path directory;

  @Test
  void nothingIsDeletedMeanwhileAndEverythingMayBeAfterwards() throws Exception {
    Files.createDirectories(directory.resolve("old/repositories/team/app/_layers"));
    List<Boolean> mayDelete = new ArrayList<>();
    try (var postgres = TestDatabase.open();
        BlobStore store = FilesystemBlobStore.open(directory.resolve("store"))) {
      var core = new ContentCore(postgres.database());
      var events = new ContentEvents(List.of());
      new Adoption(
              postgres.dataSource(),
              new AdoptedBlobs(core.database, core.repositories, core.blobs, store, events),
              core.repositories,
              core.manifests,
              core.tags,
              new FallbackTags(core.manifests, TestConfig.defaults()),
              TestConfig.defaults())
          .adopt(
              directory.resolve("old").toString(),
              true,
              line -> mayDelete.add(core.database.transact(DeletionHold::mayDelete)));
      assertEquals(List.of(false, true), mayDelete); // the repository, and the sum at the end
      assertTrue(core.database.transact(DeletionHold::mayDelete));
    }
  }
}
