package dev.entrepot.keeping;

import static dev.entrepot.keeping.Pulls.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Directories;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OutsidePostgres;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** The database is deleted, and what was pushed pulls after it was rebuilt from the store. */
@OwnServer
@Section("Promise > Rebuilding")
class RebuildIT {
  private static final String OUTSIDE = "rebuilt";
  private static final Pattern TURNS =
      Pattern.compile("entrepot_job_seconds_count\\{job=\"journal\",outcome=\"done\"} (\\d+)");

  @TempDir Path directory;
  private final PushedImages images = new PushedImages("rebuilt");
  private final Map<String, String> settings =
      new HashMap<>(Map.of("ENTREPOT_JOURNAL_PAUSE", "500ms"));
  private PushedIndex index;

  @Promise
  void everythingPullsFromADirectoryWithoutItsDatabase() {
    everythingPullsAfter(this::loseDatabase);
  }

  @Promise
  void everythingPullsFromABucketAfterItsOutsideDatabaseWasDropped() {
    try (S3Server bucket = ObjectStores.versitygw();
        OutsidePostgres postgres = OutsidePostgres.start(directory.resolve("outside"))) {
      settings.putAll(ObjectStores.s3(bucket.endpoint()));
      settings.putAll(postgres.create(OUTSIDE));
      everythingPullsAfter(() -> postgres.empty(OUTSIDE));
    }
  }

  private void everythingPullsAfter(Runnable loss) {
    pushAndStop();
    loss.run();
    assertThat(rebuild(0)).contains("0 skipped");
    try (RegistryServer server = server()) {
      assertEverythingPulls(server.registry());
      images.push(server.registry());
      images.assertAllPull(server.registry());
    }
  }

  @Promise
  void aTornObjectIsNamedAndTheRestPulls() throws IOException {
    pushAndStop();
    loseDatabase();
    List<Path> journal = journal();
    Path torn = journal.getFirst();
    Files.write(torn, java.util.Arrays.copyOf(Files.readAllBytes(torn), 30));
    assertThat(rebuild(1)).contains("SKIPPED: journal ").contains("1 skipped");
    try (RegistryServer server = server()) {
      server
          .registry()
          .request()
          .get("/v2/_catalog")
          .then()
          .body("repositories.size()", equalTo(journal.size() - 1));
    }
  }

  @Promise
  void aDatabaseWithContentIsLeftAsItIs() {
    try (RegistryServer server = server()) {
      images.push(server.registry());
    }
    assertThat(rebuild(2)).contains("The database is not empty");
    try (RegistryServer server = server()) {
      images.assertAllPull(server.registry());
    }
  }

  /** Images, an index, a referrer, a tag that clients keep referrers under, and deletions. */
  private void pushAndStop() {
    try (RegistryServer server = server()) {
      for (int i = 0; i < 7; i++) {
        images.push(server.registry());
      }
      index = PushedIndex.push(server.registry());
      Repository app = server.registry().repository(PushedIndex.REPOSITORY);
      app.pushImage("moved", "gone");
      app.push(
          Manifest.index().manifest(index.referrer()).build(),
          index.subject().manifest().digest().replace(':', '-'));
      awaitJournal(server); // what follows changes what was written already
      app.push(index.index(), "moved");
      app.request().delete(app.manifest("gone")).then().statusCode(202);
      awaitJournal(server);
    }
  }

  /** Two turns: one may have been under way. */
  private static void awaitJournal(RegistryServer server) {
    int before = turns(server);
    await().until(() -> turns(server) >= before + 2);
  }

  private static int turns(RegistryServer server) {
    Matcher turns = TURNS.matcher(server.registry().request().get("/q/metrics").asString());
    return turns.find() ? Integer.parseInt(turns.group(1)) : 0;
  }

  private void loseDatabase() {
    Directories.deleteRecursively(directory.resolve("data/postgres"));
  }

  private String rebuild(int status) {
    Launched rebuild = Launched.start(settings, "rebuild", "--data", directory.resolve("data"));
    assertThat(rebuild.awaitEnd()).as(rebuild.text()).isEqualTo(status);
    return rebuild.text();
  }

  private void assertEverythingPulls(Registry registry) {
    images.assertAllPull(registry);
    index.assertAllPulls(registry);
    Repository app = registry.repository(PushedIndex.REPOSITORY);
    assertThat(manifest(app, "moved")).isEqualTo(index.index().bytes());
    app.request().get(app.manifest("gone")).then().statusCode(404);
  }

  private List<Path> journal() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("data/storage/journal"))) {
      return files.filter(Files::isRegularFile).filter(file -> !file.endsWith("complete")).toList();
    }
  }

  private RegistryServer server() {
    RegistryServer.Builder server =
        RegistryServer.builder().dataDirectory(directory.resolve("data"));
    settings.forEach(server::environment);
    return server.start();
  }
}
