package dev.entrepot.backup;

import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.DeletionHold;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.StartupException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.tag.ContentCore;
import dev.entrepot.tag.StoredContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupIT {
  private static final RepositoryName REPOSITORY = name("team/app");

  @TempDir Path directory;
  private final List<String> said = new ArrayList<>();
  private TestDatabase source;
  private TestDatabase empty;
  private FilesystemBlobStore store;
  private FilesystemBlobStore other;
  private StoredContent content;

  @BeforeEach
  void fill() {
    source = TestDatabase.open();
    empty = TestDatabase.open();
    store = FilesystemBlobStore.open(directory.resolve("store"));
    other = FilesystemBlobStore.open(directory.resolve("other"));
    content = new StoredContent(new ContentCore(source.database()), store);
    content.pushImage(REPOSITORY, "1", "1", "latest");
    content.pushImage(REPOSITORY, "2", "2", "latest");
  }

  @AfterEach
  void close() {
    source.close();
    empty.close();
    store.close();
    other.close();
  }

  @Test
  void allRowsAndBytesComeBack() throws Exception {
    List<String> rows = rows(source);
    assertTrue(backUp());
    restore();
    assertEquals(rows, rows(empty));
    var restored = new StoredContent(new ContentCore(empty.database()), other);
    assertEquals(
        digest(ContentCore.image("2")),
        restored.core().tags.find(REPOSITORY, tag("latest")).orElseThrow());
    assertEquals("1", restored.read(REPOSITORY, digest("1")));
  }

  @Test
  void lifeGoesOnInTheRestoredDatabase() throws Exception {
    backUp();
    restore();
    var restored = new StoredContent(new ContentCore(empty.database()), other);
    restored.pushImage(name("team/new"), "3", "3");
    restored.pushImage(REPOSITORY, "4", "latest");
    assertEquals("4", restored.read(REPOSITORY, digest("4")));
    assertEquals(List.of("2"), newEras());
  }

  @Test
  void whatIsThereIsNotBroughtAgain() throws Exception {
    backUp("--copy");
    content.pushImage(REPOSITORY, "3", "3");
    said.clear();
    backUp("--copy");
    assertThat(said, hasItem(startsWith("blobs: 3 of 3, 0 MB")));
    restore();
    assertEquals(rows(source), rows(empty));
  }

  @Test
  void filesAreLinkedWhereTheyCanBe() throws Exception {
    backUp();
    for (Path file : files(directory.resolve("store/blobs"))) {
      Path kept = directory.resolve("backup/store/blobs").resolve(relative(file));
      assertTrue(Files.isSameFile(file, kept));
    }
  }

  @Test
  void bytesThatNoKeptSnapshotNamesAreDeleted() throws Exception {
    backUp();
    Digest gone = digest("1");
    source
        .database()
        .transact(
            transaction ->
                Sql.update(
                    transaction, "UPDATE blob SET state = 'deleting' WHERE digest = ?", gone));
    new Backup(source.dataSource()::getConnection, store, said::add)
        .write(directory.resolve("backup"), true, 1);
    assertThat(files(directory.resolve("backup/store/blobs")), hasSize(1));
    assertThat(
        files(directory.resolve("backup/snapshots")).stream()
            .filter(file -> file.endsWith("snapshot.json"))
            .toList(),
        hasSize(1));
  }

  @Test
  void nothingIsDeletedMeanwhileAndEverythingMayBeAfterwards() throws Exception {
    boolean[] during = {true};
    new Backup(
            source.dataSource()::getConnection,
            store,
            line -> during[0] = source.database().transact(DeletionHold::mayDelete))
        .write(directory.resolve("backup"), true, 7);
    assertFalse(during[0]);
    assertTrue(source.database().transact(DeletionHold::mayDelete));
  }

  @Test
  void lostBytesAreNamedAndTheRestIsKept() throws Exception {
    Files.delete(file(digest("1")));
    assertFalse(backUp());
    assertThat(said, hasItem(startsWith("MISSING: " + digest("1"))));
    restore();
    assertEquals(
        "2",
        new StoredContent(new ContentCore(empty.database()), other).read(REPOSITORY, digest("2")));
  }

  @Test
  void rottenBytesOfTheStoreAreNotCopied() throws Exception {
    Files.writeString(file(digest("1")), "x");
    assertFalse(backUp("--copy"));
    assertThat(said, hasItem(startsWith("MISSING: " + digest("1"))));
  }

  @Test
  void aSoundBackupIsSound() throws Exception {
    backUp();
    assertTrue(isSound());
  }

  @Test
  void rottenBytesOfTheBackupAreFoundAndNotRestored() throws Exception {
    backUp("--copy");
    Path kept = directory.resolve("backup/store/blobs").resolve(relative(file(digest("1"))));
    Files.writeString(kept, "x");
    assertFalse(isSound());
    assertThat(said, hasItem(startsWith("FAULT: " + digest("1"))));
    restore();
    assertThat(said, hasItem(startsWith("ROTTEN: " + digest("1"))));
  }

  @Test
  void changedRowsAreFoundAndNotRestored() throws Exception {
    backUp();
    Path tags = snapshot().resolve("tables/tag.gz");
    Files.copy(
        snapshot().resolve("tables/repository_usage.gz"),
        tags,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertFalse(isSound());
    assertThrows(Exception.class, this::restore);
    assertEquals(0, count(empty, "repository"));
  }

  @Test
  void whatWasBegunAndNotFinishedIsNoBackup() throws Exception {
    backUp();
    Files.move(snapshot(), snapshot().resolveSibling("20200101T000000Z.unfinished"));
    assertThat(
        assertThrows(StartupException.class, this::restore).getMessage(),
        containsString("no finished backup"));
    backUp();
    assertFalse(Files.exists(directory.resolve("backup/snapshots/20200101T000000Z.unfinished")));
    assertTrue(isSound());
  }

  @Test
  void anotherDatabasesBackupsAreLeftAlone() throws Exception {
    backUp();
    try (TestDatabase another = TestDatabase.open()) {
      another
          .database()
          .transact(
              transaction ->
                  Sql.update(transaction, "UPDATE instance SET identity = gen_random_uuid()"));
      StartupException refused =
          assertThrows(
              StartupException.class,
              () ->
                  new Backup(another.dataSource()::getConnection, store, said::add)
                      .write(directory.resolve("backup"), true, 7));
      assertThat(refused.getMessage(), containsString("another database"));
    }
  }

  @Test
  void aDirectoryWithOtherThingsIsLeftAlone() throws Exception {
    Files.createDirectories(directory.resolve("backup"));
    Files.writeString(directory.resolve("backup/thesis.txt"), "");
    assertThat(
        assertThrows(StartupException.class, this::backUp).getMessage(),
        containsString("neither empty"));
  }

  @Test
  void aDatabaseInUseIsNotOverwritten() throws Exception {
    backUp();
    restore();
    assertThat(
        assertThrows(StartupException.class, this::restore).getMessage(), containsString("in use"));
  }

  @Test
  void aNewerBackupIsRefused() throws Exception {
    source
        .database()
        .transact(
            transaction ->
                Sql.update(
                    transaction,
                    """
                    INSERT INTO flyway_schema_history
                      (installed_rank, version, description, type, script, checksum,
                       installed_by, execution_time, success)
                    VALUES (9999, '9999', 'future', 'SQL', 'V9999__future.sql', 1, 'x', 1, true)
                    """));
    backUp();
    assertThat(
        assertThrows(StartupException.class, this::restore).getMessage(),
        containsString("newer version"));
  }

  @Test
  void anOlderBackupIsMigratedAfterwards() throws Exception {
    try (TestDatabase old = TestDatabase.openEmpty()) {
      Flyway.configure().dataSource(old.dataSource()).target("4").load().migrate();
      old.database()
          .transact(t -> Sql.update(t, "INSERT INTO repository (name) VALUES ('of/old')"));
      // Older versions had no backups: this stands for one between the first that has and this.
      old.database()
          .transact(
              t ->
                  Sql.update(
                      t, "CREATE TABLE deletion_hold (id uuid, until timestamptz, reason text)"));
      new Backup(old.dataSource()::getConnection, store, said::add)
          .write(directory.resolve("backup"), true, 7);
    }
    empty.close();
    empty = TestDatabase.openEmpty();
    restore();
    assertTrue(new ContentCore(empty.database()).repositories.find(name("of/old")).isPresent());
    assertEquals(0, count(empty, "deletion_hold"));
  }

  private boolean backUp(String... options) throws SQLException, IOException {
    boolean linking = !List.of(options).contains("--copy");
    return new Backup(source.dataSource()::getConnection, store, said::add)
        .write(directory.resolve("backup"), linking, 7);
  }

  private void restore() throws SQLException, IOException {
    try (var restoration = Restoration.open(directory.resolve("backup"), null, said::add)) {
      restoration.restoreBlobs(other);
      restoration.restoreRows(
          empty.dataSource()::getConnection,
          Flyway.configure().dataSource(empty.dataSource()).load());
    }
  }

  private boolean isSound() throws IOException {
    return new BackupCheck(directory.resolve("backup"), said::add).isSound(null);
  }

  private Path snapshot() throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve("backup/snapshots"))) {
      return all.findFirst().orElseThrow();
    }
  }

  private Path file(Digest digest) throws IOException {
    return files(directory.resolve("store/blobs")).stream()
        .filter(file -> file.getFileName().toString().startsWith(digest.hex()))
        .findFirst()
        .orElseThrow();
  }

  private Path relative(Path file) {
    return directory.resolve("store/blobs").relativize(file);
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }

  private static int count(TestDatabase in, String table) {
    return in.database()
        .read(c -> Sql.find(c, "SELECT count(*) FROM " + table, row -> row.getInt(1)))
        .orElseThrow();
  }

  private List<String> newEras() {
    return empty
        .database()
        .read(
            c ->
                Sql.list(
                    c,
                    "SELECT DISTINCT era FROM audit_event WHERE era > 1",
                    row -> row.getString(1)));
  }

  /** Each table with a checksum of all its rows; without what the restoration itself records. */
  private static List<String> rows(TestDatabase of) {
    return of.database()
        .read(
            c -> {
              List<String> found = new ArrayList<>();
              for (Tables.Table table : Tables.list(c)) {
                found.addAll(
                    Sql.list(
                        c,
                        "SELECT '%1$s ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM %1$s t %2$s"
                            .formatted(
                                table.name(),
                                table.name().equals("audit_event") ? "WHERE era = 1" : ""),
                        row -> row.getString(1)));
              }
              return found;
            });
  }
}
