package dev.entrepot.scrub;

import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.blob.LocatedBlob;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.store.ReadThroughStore;
import dev.entrepot.store.Replicas;
import dev.entrepot.tag.ContentCore;
import dev.entrepot.tag.StoredContent;
import dev.entrepot.task.FakeTurn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that really rot below the store. */
class ScrubIT {
  private static final RepositoryName REPOSITORY = name("team/app");
  private static final RepositoryName OTHER = name("team/other");

  @TempDir Path directory;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final FakeTurn turn = new FakeTurn();
  private TestDatabase postgres;
  private FilesystemBlobStore store;
  private FilesystemBlobStore replica;
  private StoredContent content;
  private Quarantine quarantine;
  private Refill refill;
  private Scrub scrub;

  @BeforeEach
  void push() {
    postgres = TestDatabase.open();
    store = FilesystemBlobStore.open(directory.resolve("own"));
    replica = FilesystemBlobStore.openToRead(directory.resolve("replica"));
    content = new StoredContent(new ContentCore(postgres.database()), store);
    for (String blob : List.of("one", "two", "three")) {
      content.pushBlob(REPOSITORY, blob);
    }
    content.pushBlob(OTHER, "one");
    quarantine = new Quarantine(postgres.database());
    refill = new Refill(quarantine, store, new Replicas(store, Optional.of(replica)), metrics);
    scrub =
        new Scrub(
            null,
            quarantine,
            refill,
            store,
            TestConfig.with(Map.of("entrepot.scrub.rate", "1G")),
            metrics);
  }

  @AfterEach
  void close() {
    postgres.close();
    store.close();
    replica.close();
  }

  @Test
  void soundBytesStayAndThePassEnds() {
    scrub.run(turn);
    assertEquals(3, read("sound"));
    assertEquals(Optional.empty(), turn.progress());
    assertTrue(isKnown(REPOSITORY, "one"));
  }

  @Test
  void otherBytesOfTheSameSizeAreFound() throws IOException {
    Files.writeString(file("one"), "0ne");
    isTakenOutOfSight();
  }

  @Test
  void truncatedBytesAreFound() throws IOException {
    Files.writeString(file("one"), "on");
    isTakenOutOfSight();
  }

  @Test
  void lostBytesAreFound() throws IOException {
    Files.delete(file("one"));
    isTakenOutOfSight();
  }

  @Test
  void thePushAfterwardsHealsAllRepositories() throws IOException {
    Files.writeString(file("one"), "0ne");
    scrub.run(turn);
    content.pushBlob(OTHER, "one");
    assertEquals("one", content.read(OTHER, digest("one")));
    assertEquals("one", content.read(REPOSITORY, digest("one")));
    scrub.run(turn);
    assertTrue(isKnown(REPOSITORY, "one"));
  }

  @Test
  void everyServerIsToldAndItIsRecorded() throws IOException {
    Files.writeString(file("one"), "0ne");
    int before = count("SELECT count(*) FROM content_change");
    scrub.run(turn);
    assertEquals(before + 2, count("SELECT count(*) FROM content_change"));
    assertEquals(1, count("SELECT count(*) FROM audit_event WHERE kind = 'blob-quarantine'"));
    scrub.run(turn);
    assertEquals(1, count("SELECT count(*) FROM audit_event WHERE kind = 'blob-quarantine'"));
  }

  @Test
  void whatIsStoppedGoesOnWhereItWas() {
    turn.stopAfter = 1;
    scrub.run(turn);
    assertEquals(1, read("sound"));
    turn.stopAfter = Integer.MAX_VALUE;
    scrub.run(turn);
    assertEquals(3, read("sound"));
  }

  @Test
  void theReplicaRefillsAtOnce() throws IOException {
    copy("one", "one");
    Files.writeString(file("one"), "0ne");
    scrub.run(turn);
    assertEquals("one", content.read(OTHER, digest("one")));
    assertEquals("one", content.read(REPOSITORY, digest("one")));
    assertEquals(List.of(), quarantine.list(null, 10, 10));
    assertEquals(1, count("SELECT count(*) FROM audit_event WHERE kind = 'blob-refill'"));
    scrub.run(turn);
    assertEquals(1, read("faulty"));
  }

  @Test
  void theReplicaRefillsLaterWhatItHasLater() throws IOException {
    Files.delete(file("one"));
    scrub.run(turn);
    refill.run(turn);
    assertFalse(isKnown(REPOSITORY, "one"));
    copy("one", "one");
    refill.run(turn);
    assertEquals("one", content.read(REPOSITORY, digest("one")));
  }

  @Test
  void otherBytesOfTheReplicaAreNotTaken() throws IOException {
    copy("one", "0ne");
    Files.writeString(file("one"), "0ne");
    scrub.run(turn);
    assertFalse(isKnown(REPOSITORY, "one"));
    assertEquals(0, metrics.get("entrepot.scrub.refilled").counter().count());
  }

  @Test
  void theStoreThatBlobsComeFromRefills() throws IOException {
    copy("one", "one");
    Files.writeString(file("one"), "0ne");
    var previous = FilesystemBlobStore.open(directory.resolve("replica"));
    try (var moving = new ReadThroughStore(store, previous)) {
      Replicas replicas = new Replicas(moving, Optional.empty());
      refill = new Refill(quarantine, moving, replicas, metrics);
      scrub.run(turn);
      refill.run(turn);
      assertEquals("one", content.read(REPOSITORY, digest("one")));
    }
  }

  @Test
  void aPushIsNotUndoneByALateRefill() throws IOException {
    Files.writeString(file("one"), "0ne");
    scrub.run(turn);
    LocatedBlob before = quarantine.list(null, 1, 0).getFirst().blob();
    content.pushBlob(OTHER, "one");
    int stored = store.list(null, 100).size();
    Files.createDirectories(replicaFile(before.location().key()).getParent());
    Files.writeString(replicaFile(before.location().key()), "one");
    refill.attempt(before);
    assertEquals(stored, store.list(null, 100).size());
    assertEquals("one", content.read(REPOSITORY, digest("one")));
  }

  @Test
  void whatIsInQuarantineIsListedPageByPage() throws IOException {
    Files.writeString(file("one"), "0ne");
    Files.delete(file("two"));
    scrub.run(turn);
    List<Quarantine.Entry> all = quarantine.list(null, 10, 10);
    assertEquals(2, all.size());
    assertEquals(all.subList(1, 2), quarantine.list(all.getFirst().blob().digest(), 10, 10));
    Quarantine.Entry one =
        all.stream().filter(e -> e.blob().digest().equals(digest("one"))).findFirst().orElseThrow();
    assertEquals(List.of("team/app", "team/other"), one.repositories());
    assertTrue(one.reason().startsWith("the bytes have digest sha256:"), one.reason());
    assertEquals(List.of("team/app"), quarantine.list(null, 10, 1).getFirst().repositories());
  }

  @Test
  void bytesThatWereReplacedMeanwhileAreLeftAlone() {
    var before = quarantine.listReadable(null, 1).getFirst();
    postgres
        .database()
        .transact(
            t ->
                Sql.update(
                    t,
                    "UPDATE blob SET storage_key = 'blobs/another' WHERE digest = ?",
                    before.digest()));
    assertFalse(quarantine.put(before, "rotten"));
  }

  private void isTakenOutOfSight() {
    scrub.run(turn);
    assertEquals(1, read("faulty"));
    assertEquals(2, read("sound"));
    assertFalse(isKnown(REPOSITORY, "one"));
    assertFalse(isKnown(OTHER, "one"));
    assertTrue(isKnown(REPOSITORY, "two"));
  }

  private boolean isKnown(RepositoryName repository, String blob) {
    return content.core().blobs.find(repository, digest(blob)).isPresent();
  }

  private int read(String outcome) {
    var counter = metrics.find("entrepot.scrub.blobs").tag("outcome", outcome).counter();
    return counter == null ? 0 : (int) counter.count();
  }

  private int count(String sql) {
    return postgres.database().read(c -> Sql.find(c, sql, row -> row.getInt(1))).orElseThrow();
  }

  /** Puts bytes into the replica under the key that the blob has. */
  private void copy(String blob, String bytes) throws IOException {
    StorageKey key =
        quarantine.listReadable(null, 10).stream()
            .filter(there -> there.digest().equals(digest(blob)))
            .map(there -> there.location().key())
            .findFirst()
            .orElseGet(() -> quarantine.list(null, 1, 0).getFirst().blob().location().key());
    Files.createDirectories(replicaFile(key).getParent());
    Files.writeString(replicaFile(key), bytes);
  }

  private Path replicaFile(StorageKey key) {
    return directory.resolve("replica").resolve(key.value());
  }

  private Path file(String blob) throws IOException {
    Digest digest = digest(blob);
    try (Stream<Path> files = Files.walk(directory.resolve("own/blobs"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(digest.hex()))
          .findFirst()
          .orElseThrow();
    }
  }
}
