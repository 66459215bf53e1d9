package dev.entrepot.transfer;

import static dev.entrepot.tag.ContentCore.bytes;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.index;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.DeletionHold;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.StartupException;
import dev.entrepot.journal.JournalTurns;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.tag.ContentCore;
import dev.entrepot.tag.StoredContent;
import dev.entrepot.task.FakeTurn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose database is lost, and another database. */
class RebuildIT {
  private static final RepositoryName APP = name("team/app");
  private static final RepositoryName OTHER = name("other");
  private static final UUID OWNER = UUID.randomUUID();

  @TempDir Path directory;
  private final FakeTurn turn = new FakeTurn();
  private final List<String> said = new ArrayList<>();
  private TestDatabase lost;
  private TestDatabase empty;
  private FilesystemBlobStore store;
  private StoredContent before;
  private ContentCore after;

  @BeforeEach
  void push() {
    lost = TestDatabase.open();
    empty = TestDatabase.open();
    store = FilesystemBlobStore.open(directory);
    before = new StoredContent(new ContentCore(lost.database()), store);
    after = new ContentCore(empty.database());
  }

  @AfterEach
  void close() {
    lost.close();
    empty.close();
    store.close();
  }

  private void journal() {
    turn.fence++;
    JournalTurns.run(lost.database(), store, turn);
  }

  private Adopted rebuild() throws SQLException {
    return rebuild(said::add);
  }

  private Adopted rebuild(Consumer<String> out) throws SQLException {
    try (Connection connection = empty.dataSource().getConnection()) {
      EmptyDatabase.take(connection, OWNER);
    }
    return new Rebuild(
            empty.database(),
            new StoredBlobs(empty.database(), after.blobs, store),
            after.manifests,
            new FallbackTags(after.manifests, TestConfig.defaults()),
            store,
            TestConfig.defaults())
        .run(out);
  }

  private Optional<Digest> tagged(RepositoryName repository, String tag) {
    return after.repositories.find(repository).isEmpty()
        ? Optional.empty()
        : after.tags.find(repository, tag(tag));
  }

  @Test
  void imagesTagsAndIndexesComeBack() throws SQLException {
    Digest image = before.pushImage(APP, "one", "v1", "latest");
    Digest untagged = before.pushImage(APP, "two");
    String index = index(image("one"), image("two"));
    before.core().push(APP, index, "multi");
    before.core().push(APP, index(index), "nested");
    before.pushImage(OTHER, "one", "v1");
    journal();
    assertTrue(rebuild().isWhole(), said::toString);
    assertEquals(Optional.of(image), tagged(APP, "v1"));
    assertEquals(Optional.of(image), tagged(APP, "latest"));
    assertEquals(Optional.of(image), tagged(OTHER, "v1"));
    assertEquals(Optional.of(digest(index)), tagged(APP, "multi"));
    assertEquals(Optional.of(digest(index(index))), tagged(APP, "nested"));
    assertArrayEquals(
        bytes(image("two")), after.manifests.find(APP, untagged).orElseThrow().content());
    assertEquals("one", new StoredContent(after, store).read(OTHER, digest("one")));
  }

  @Test
  void blobsThatCleanUpCondemnsMeanwhileAreRevived() throws SQLException {
    Digest image = before.pushImage(APP, "one", "v1");
    journal();
    String condemn = "UPDATE blob SET state = 'condemned', condemned_at = now()";
    rebuild(
        line -> {
          if (line.endsWith("blobs are in the store")) {
            after.database.read(c -> Sql.update(c, condemn));
          }
        });
    assertEquals(Optional.of(image), tagged(APP, "v1"));
    assertEquals("one", new StoredContent(after, store).read(APP, digest("one")));
  }

  @Test
  void theJournalHasTheNewestOfEachRepository() throws SQLException {
    Digest gone = before.pushImage(APP, "one", "v1", "old");
    before.pushImage(OTHER, "one", "v1");
    journal();
    Digest moved = before.pushImage(APP, "two", "v1");
    before.core().delete(APP, gone);
    journal();
    assertTrue(rebuild().isWhole(), said::toString);
    assertEquals(Optional.of(moved), tagged(APP, "v1"));
    assertEquals(Optional.empty(), tagged(APP, "old"));
    assertEquals(Optional.empty(), after.manifests.find(APP, gone));
    assertTrue(tagged(OTHER, "v1").isPresent());
  }

  @Test
  void whatALateTurnWritesDoesNotCount() throws SQLException {
    before.pushImage(APP, "one", "v1");
    journal();
    JournalTurns.runLate(
        lost.database(),
        store,
        new FakeTurn(),
        () -> {
          before.pushImage(APP, "two", "v1");
          journal();
        });
    assertTrue(rebuild().isWhole(), said::toString);
    assertEquals(Optional.of(digest(image("two"))), tagged(APP, "v1"));
  }

  @Test
  void aDeletedRepositoryDoesNotComeBack() throws SQLException {
    before.pushImage(APP, "one", "v1");
    journal();
    lost.database()
        .read(c -> Sql.update(c, "UPDATE repository SET name = '~1', deleted_at = now()"));
    lost.database()
        .read(
            c ->
                Sql.update(
                    c,
                    """
                    INSERT INTO audit_event (kind, outcome, actor_kind, actor_id, actor,
                      credential, address, request_id, repository, count)
                    VALUES ('repository-delete', 'ok', '', 0, '', '', '', '', 'team/app', 1)
                    """));
    journal();
    assertTrue(rebuild().isWhole(), said::toString);
    assertEquals(Optional.empty(), after.repositories.find(APP));
  }

  @Test
  void onlyOneStateOfARepositoryStays() throws IOException {
    for (String config : List.of("one", "two", "three")) {
      before.pushImage(APP, config, "v1");
      journal();
    }
    assertEquals(1, states().size());
  }

  @Test
  void aTornStateIsNamedAndTheOneBeforeCounts() throws Exception {
    Digest image = before.pushImage(APP, "one", "v1");
    before.pushImage(OTHER, "one", "v1");
    journal();
    Path older = states(APP).getFirst();
    byte[] kept = Files.readAllBytes(older);
    before.pushImage(APP, "two", "v1");
    journal();
    Path torn = states(APP).getFirst();
    Files.write(torn, java.util.Arrays.copyOf(Files.readAllBytes(torn), 40));
    Files.write(older, kept);
    assertFalse(rebuild().isWhole());
    assertTrue(said.stream().anyMatch(line -> line.startsWith("SKIPPED: journal ")));
    assertEquals(Optional.of(image), tagged(APP, "v1"));
    assertTrue(tagged(OTHER, "v1").isPresent());
  }

  @Test
  void whatNeedsLostBytesIsNamedAndTheRestIsTaken() throws Exception {
    before.pushImage(APP, "one", "v1");
    Digest kept = before.pushImage(APP, "two", "v2");
    journal();
    store.delete(before.core().blobs.find(APP, digest("one")).orElseThrow().key());
    assertFalse(rebuild().isWhole());
    assertTrue(said.stream().anyMatch(line -> line.contains(digest(image("one")).toString())));
    assertEquals(Optional.of(kept), tagged(APP, "v2"));
    assertEquals(Optional.empty(), tagged(APP, "v1"));
  }

  @Test
  void withoutAJournalThereAreBlobsOnly() throws SQLException {
    before.pushImage(APP, "one", "v1");
    assertFalse(rebuild().isWhole());
    assertTrue(said.contains("1 blobs are in the store"));
    assertEquals(Optional.empty(), after.repositories.find(APP));
  }

  @Test
  void aDatabaseWithContentIsRefused() throws SQLException {
    before.pushImage(APP, "one", "v1");
    journal();
    after.pushImage(OTHER, "one");
    assertThrows(StartupException.class, this::rebuild);
    assertEquals(Optional.empty(), after.repositories.find(APP));
  }

  @Test
  void untilItIsDoneNothingIsDeletedAndItCanBeRunAgain() throws SQLException {
    Digest image = before.pushImage(APP, "one", "v1");
    before.pushImage(OTHER, "one", "v1");
    journal();
    assertThrows(
        IllegalStateException.class,
        () ->
            rebuild(
                line -> {
                  if (line.equals(APP.value())) {
                    throw new IllegalStateException("killed");
                  }
                }));
    assertFalse(after.database.transact(DeletionHold::mayDelete));
    assertTrue(rebuild().isWhole(), said::toString);
    assertTrue(after.database.transact(DeletionHold::mayDelete));
    assertEquals(Optional.of(image), tagged(APP, "v1"));
    assertTrue(tagged(OTHER, "v1").isPresent());
  }

  @Test
  void theDatabaseBecomesTheStoresOwn() throws SQLException {
    rebuild();
    String sql = "SELECT identity FROM instance";
    assertEquals(
        Optional.of(OWNER),
        after.database.read(c -> Sql.find(c, sql, row -> row.getObject(1, UUID.class))));
  }

  @Test
  void whatIsRebuiltIsInTheJournalAgain() throws SQLException {
    Digest image = before.pushImage(APP, "one", "v1");
    journal();
    rebuild();
    JournalTurns.run(empty.database(), store, new FakeTurn());
    empty.close();
    empty = TestDatabase.open();
    after = new ContentCore(empty.database());
    assertTrue(rebuild().isWhole(), said::toString);
    assertEquals(Optional.of(image), tagged(APP, "v1"));
  }

  private List<Path> states() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("journal"))) {
      return files.filter(Files::isRegularFile).filter(file -> !file.endsWith("complete")).toList();
    }
  }

  private List<Path> states(RepositoryName repository) throws IOException {
    String hash = JournalTurns.hash(repository);
    return states().stream()
        .filter(file -> file.getFileName().toString().startsWith(hash))
        .toList();
  }
}
