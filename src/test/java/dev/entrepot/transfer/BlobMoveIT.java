package dev.entrepot.transfer;

import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.name;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.TestDatabase;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.store.ReadThroughStore;
import dev.entrepot.tag.ContentCore;
import dev.entrepot.tag.StoredContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs on their way from one store to another, and what is served meanwhile. */
class BlobMoveIT {
  private static final RepositoryName REPOSITORY = name("team/app");

  @TempDir Path directory;
  private final List<String> said = new ArrayList<>();
  private TestDatabase postgres;
  private FilesystemBlobStore previous;
  private FilesystemBlobStore current;
  private ReadThroughStore stores;
  private StoredContent content;

  @BeforeEach
  void pushToThePreviousStore() {
    postgres = TestDatabase.open();
    previous = FilesystemBlobStore.open(directory.resolve("previous"));
    current = FilesystemBlobStore.open(directory.resolve("current"));
    stores = new ReadThroughStore(current, previous);
    ContentCore core = new ContentCore(postgres.database());
    var before = new StoredContent(core, previous);
    before.pushBlob(REPOSITORY, "one");
    before.pushBlob(REPOSITORY, "two");
    content = new StoredContent(core, stores);
  }

  @AfterEach
  void close() {
    postgres.close();
    stores.close();
  }

  @Test
  void whatIsNotHereYetIsReadWhereItWas() {
    assertEquals("one", content.read(REPOSITORY, digest("one")));
    assertTrue(stores.stat(key("one")).isPresent());
    assertTrue(current.stat(key("one")).isEmpty());
  }

  @Test
  void newBytesComeHereOnly() {
    content.pushBlob(REPOSITORY, "new");
    assertEquals("new", content.read(REPOSITORY, digest("new")));
    assertTrue(previous.stat(key("new")).isEmpty());
  }

  @Test
  void aPushOfWhatIsThereKeepsThePreviousBytes() {
    StorageKey before = key("one");
    content.pushBlob(name("team/other"), "one");
    assertEquals(before, key("one"));
    assertEquals(0, current.list(null, 10).size());
  }

  @Test
  void whatIsDeletedIsInNeither() throws SQLException {
    StorageKey key = key("one");
    move();
    stores.delete(key);
    assertTrue(stores.stat(key).isEmpty());
  }

  @Test
  void afterTheMoveThePreviousStoreIsNotNeeded() throws SQLException {
    content.pushBlob(REPOSITORY, "new");
    assertTrue(move());
    var alone = new StoredContent(content.core(), current);
    for (String blob : List.of("one", "two", "new")) {
      assertEquals(blob, alone.read(REPOSITORY, digest(blob)));
    }
  }

  @Test
  void whatIsHereIsNotBroughtAgain() throws SQLException, IOException {
    move();
    Files.delete(directory.resolve("previous").resolve(key("one").value()));
    assertTrue(move());
  }

  @Test
  void rottenAndLostBytesAreNamedAndTheRestIsMoved() throws SQLException, IOException {
    Files.writeString(directory.resolve("previous").resolve(key("one").value()), "0ne");
    assertFalse(move());
    assertThat(said, hasItem(startsWith("MISSING: " + digest("one"))));
    assertTrue(current.stat(key("one")).isEmpty());
    assertTrue(current.stat(key("two")).isPresent());
  }

  private boolean move() throws SQLException {
    try (Connection connection = postgres.dataSource().getConnection()) {
      return new BlobMove(connection, stores, said::add).move();
    }
  }

  private StorageKey key(String blob) {
    return content.core().blobs.find(REPOSITORY, digest(blob)).orElseThrow().key();
  }
}
