package dev.entrepot.cache;

import static dev.entrepot.tag.ContentCore.TESTER;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.ContentChange;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.tag.ContentCore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one server's feed tells of what another does. */
class ContentFeedIT {
  private static final EntrepotConfig EXTERNAL =
      TestConfig.with(Map.of("entrepot.database.url", "jdbc:postgresql://db.example/entrepot"));
  private static final RepositoryName REPOSITORY = name("feed/a");
  private static final String INSERT =
      "INSERT INTO content_change (repository, tag) VALUES ('feed/a', ?)";

  private final List<ContentEvent> told = new CopyOnWriteArrayList<>();
  private TestDatabase test;
  private ContentCore other;
  private ContentFeed feed;

  @BeforeEach
  void open() {
    test = TestDatabase.open();
    other = new ContentCore(test.database());
    feed = feed(EXTERNAL);
  }

  @AfterEach
  void close() {
    feed.close();
    test.close();
  }

  private ContentFeed feed(EntrepotConfig config) {
    ContentEvents.Listener listener = told::add;
    return new ContentFeed(
        test.database(), new ContentEvents(List.of(listener)), config, new SimpleMeterRegistry());
  }

  private static ContentEvent outdated(String tag) {
    return new ContentEvent.Outdated(new ContentChange.OfTag(REPOSITORY, tag(tag)));
  }

  private static ContentEvent outdated(Digest digest) {
    return new ContentEvent.Outdated(new ContentChange.OfDigest(REPOSITORY, digest));
  }

  private void insert(String tag) {
    test.database().read(connection -> Sql.update(connection, INSERT, tag));
  }

  @Test
  void newContentIsNoChangeOfWhatSomebodyMayRemember() {
    feed.read();
    other.pushImage(REPOSITORY, "config", "v1");
    feed.read();
    assertEquals(List.of(), told);
  }

  @Test
  void tagThatMovesIsTold() {
    other.pushImage(REPOSITORY, "config", "v1", "v2");
    feed.read();
    other.pushImage(REPOSITORY, "another", "v1");
    feed.read();
    assertEquals(List.of(outdated("v1")), told);
  }

  @Test
  void tagThatIsDeletedIsTold() {
    other.pushImage(REPOSITORY, "config", "v1", "v2");
    feed.read();
    other.tags.delete(REPOSITORY, tag("v1"), TESTER);
    feed.read();
    assertEquals(List.of(outdated("v1")), told);
  }

  @Test
  void manifestThatIsDeletedIsToldWithItsTags() {
    Digest image = other.pushImage(REPOSITORY, "config", "v1");
    feed.read();
    other.delete(REPOSITORY, image);
    feed.read();
    assertEquals(List.of(outdated("v1"), outdated(image)), told);
  }

  @Test
  void blobThatIsDeletedIsTold() {
    Digest blob = other.pushBlob(REPOSITORY, "layer");
    feed.read();
    other.blobs.unlink(REPOSITORY, blob, TESTER);
    feed.read();
    assertEquals(List.of(outdated(blob)), told);
  }

  @Test
  void whatIsCommittedLateIsNotMissedAndNothingIsToldTwice() throws Exception {
    feed.read();
    try (var late = test.dataSource().getConnection()) {
      late.setAutoCommit(false);
      Sql.update(late, INSERT, "late");
      insert("early");
      feed.read();
      late.commit();
    }
    feed.read();
    feed.read();
    assertEquals(List.of(outdated("early"), outdated("late")), told);
  }

  @Test
  void whatHappenedWhileTheConnectionWasCutIsTold() {
    feed.read();
    cutAllConnections();
    insert("v1");
    feed.read();
    assertEquals(List.of(outdated("v1")), told);
    assertFalse(feed.isAway());
  }

  @Test
  void rowsStayUntilEveryServerHasReadThem() {
    insert("new");
    test.database()
        .read(
            connection ->
                Sql.update(
                    connection,
                    "INSERT INTO content_change (repository, at) VALUES ('old', now() - interval '31min')"));
    feed.prune();
    assertEquals(
        List.of("feed/a"),
        test.database()
            .read(
                connection ->
                    Sql.list(
                        connection, "SELECT repository FROM content_change", r -> r.getString(1))));
  }

  @Test
  void memoryIsFreshAsOfTheLastReading() {
    long then = System.nanoTime() - 5_000_000_000L;
    assertFalse(feed.isFresh(then));
    feed.read();
    assertTrue(feed.isFresh(then));
  }

  @Test
  void whileTheDatabaseIsAwayMemoryIsAllThereIs() {
    feed.read();
    long then = System.nanoTime() - 5_000_000_000L;
    test.close();
    assertThrows(RegistryException.class, feed::read);
    assertTrue(feed.isAway());
    assertTrue(feed.isFresh(then));
    assertFalse(feed.isFresh(then, 0));
  }

  @Test
  void afterACommitOfUnknownOutcomeMemoryIsAskedAboutAndKeptForWhileNobodyAnswers() {
    for (ContentFeed each : List.of(feed, feed(TestConfig.defaults()))) {
      each.read();
      long then = System.nanoTime();
      assertTrue(each.isFresh(then));
      each.on(new ContentEvent.OutcomeUnknown());
      assertFalse(each.isFresh(then));
      assertFalse(each.isFresh(then, Long.MAX_VALUE));
      assertTrue(each.isUsable(then));
      assertTrue(each.isFresh(System.nanoTime()));
    }
  }

  @Test
  void withTheEmbeddedDatabaseMemoryIsAlwaysFresh() {
    ContentFeed alone = feed(TestConfig.defaults());
    assertTrue(alone.isFresh(System.nanoTime() - 5_000_000_000L, 1));
  }

  private void cutAllConnections() {
    test.database()
        .read(
            connection ->
                Sql.list(
                    connection,
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """,
                    row -> row.getBoolean(1)));
  }
}
