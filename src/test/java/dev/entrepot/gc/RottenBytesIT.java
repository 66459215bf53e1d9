package dev.entrepot.gc;

import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.tag.ContentCore;
import dev.entrepot.tag.StoredContent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long bytes in quarantine stay, and what becomes of the blob. */
class RottenBytesIT {
  private static final RepositoryName HERE = name("acme/here");

  @TempDir Path directory;
  private TestDatabase postgres;
  private FilesystemBlobStore store;
  private ContentCore core;
  private StoredContent content;
  private Collection collection;
  private StorageKey rotten;

  @BeforeEach
  void putIntoQuarantine() throws Exception {
    postgres = TestDatabase.open();
    store = FilesystemBlobStore.open(directory);
    var config = TestConfig.with(Map.of("entrepot.gc.grace", "0s", "entrepot.trash.keep", "7d"));
    core = new ContentCore(postgres.database(), config);
    content = new StoredContent(core, store);
    collection = new Collection(core, store, config);
    content.pushImage(HERE, "config", "t");
    rotten = store.list(null, 1).getFirst().key();
    Files.setLastModifiedTime(directory.resolve(rotten.value()), FileTime.from(Instant.EPOCH));
    update("UPDATE blob SET state = 'quarantined'");
    update(
        """
        INSERT INTO quarantine (storage_key, digest, size, reason)
        SELECT storage_key, digest, size, 'rotten' FROM blob
        """);
  }

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  @Test
  void theyStayAsLongAsWhatIsInTheTrash() {
    content.pushBlob(HERE, "config");
    collect();
    assertTrue(store.stat(rotten).isPresent());
    assertEquals(1, count("quarantine"));
  }

  @Test
  void thenTheyGoAndTheNewOnesStay() {
    content.pushBlob(HERE, "config");
    age();
    collect();
    assertTrue(store.stat(rotten).isEmpty());
    assertEquals("config", content.read(HERE, digest("config")));
    assertEquals(0, count("quarantine"));
  }

  @Test
  void aBlobThatNobodyHasPushedAgainStaysInQuarantineWithoutThem() {
    age();
    collect();
    assertTrue(store.stat(rotten).isEmpty());
    assertEquals(1, count("blob WHERE state = 'quarantined'"));
    assertEquals(1, count("quarantine"));
    content.pushBlob(HERE, "config");
    assertEquals("config", content.read(HERE, digest("config")));
    collect();
    assertEquals("config", content.read(HERE, digest("config")));
    assertEquals(0, count("quarantine"));
  }

  @Test
  void aBlobThatNoRepositoryHoldsGoesAltogether() {
    update("DELETE FROM repository_blob");
    update("DELETE FROM blob_holder");
    collect();
    assertTrue(store.stat(rotten).isPresent());
    age();
    collect();
    assertTrue(store.stat(rotten).isEmpty());
    assertEquals(0, count("blob"));
    assertEquals(0, count("quarantine"));
  }

  private void collect() {
    for (int i = 0; i < 3; i++) {
      collection.run();
      collection.orphans.batch(null);
    }
  }

  private void age() {
    update("UPDATE quarantine SET since = now() - interval '8 days'");
  }

  private void update(String sql) {
    postgres.database().transact(transaction -> Sql.update(transaction, sql));
  }

  private int count(String what) {
    return postgres
        .database()
        .read(c -> Sql.find(c, "SELECT count(*) FROM " + what, row -> row.getInt(1)))
        .orElseThrow();
  }
}
