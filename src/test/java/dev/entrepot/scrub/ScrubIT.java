package dev.entrepot.scrub;

import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.tag.ContentCore;
import dev.entrepot.tag.StoredContent;
import dev.entrepot.task.Jobs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
  private final Turn turn = new Turn();
  private TestDatabase postgres;
  private FilesystemBlobStore store;
  private StoredContent content;
  private Scrub scrub;

  /** A turn that remembers its progress and is told when to stop. */
  private static final class Turn implements Jobs.JobRun {
    private @Nullable String progress;
    private int saved;
    private int stopAfter = Integer.MAX_VALUE;

    @Override
    public Optional<String> progress() {
      return Optional.ofNullable(progress);
    }

    @Override
    public void save(@Nullable String now) {
      progress = now;
      saved++;
    }

    @Override
    public boolean isStopping() {
      return saved >= stopAfter;
    }
  }

  @BeforeEach
  void push() {
    postgres = TestDatabase.open();
    store = FilesystemBlobStore.open(directory);
    content = new StoredContent(new ContentCore(postgres.database()), store);
    for (String blob : List.of("one", "two", "three")) {
      content.pushBlob(REPOSITORY, blob);
    }
    content.pushBlob(OTHER, "one");
    scrub =
        new Scrub(
            null,
            new Quarantine(postgres.database()),
            store,
            TestConfig.with(Map.of("entrepot.scrub.rate", "1G")),
            metrics);
  }

  @AfterEach
  void close() {
    postgres.close();
    store.close();
  }

  @Test
  void soundBytesStayAndThePassEnds() {
    turn.progress = null;
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
  void bytesThatWereReplacedMeanwhileAreLeftAlone() {
    var before = new Quarantine(postgres.database()).list(null, 1).getFirst();
    postgres
        .database()
        .transact(
            t ->
                Sql.update(
                    t,
                    "UPDATE blob SET storage_key = 'blobs/another' WHERE digest = ?",
                    before.digest()));
    assertFalse(new Quarantine(postgres.database()).put(before, "rotten"));
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

  private Path file(String blob) throws IOException {
    Digest digest = digest(blob);
    try (Stream<Path> files = Files.walk(directory.resolve("blobs"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(digest.hex()))
          .findFirst()
          .orElseThrow();
    }
  }
}
