package dev.entrepot.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Any request may reach any of three servers. */
@OwnServer
@Section("Promise > Replicas")
class ReplicasIT {
  /** Time in which a change is seen in the memory of every server. */
  private static final Duration PROMISED = Duration.ofSeconds(1);

  private static Cluster cluster;

  @BeforeAll
  static void start(@TempDir Path directory) {
    cluster = Cluster.start(directory, 3, Map.of("ENTREPOT_UPLOAD_LEASE", "3s"));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Repository newRepository() {
    return cluster.server(0).registry().newRepository();
  }

  /** The URL of an upload at another server. */
  private static String at(int server, String location) {
    return cluster.server(server).url().resolve(URI.create(location).getPath()).toString();
  }

  private static Response patch(int server, String location, byte[] bytes) {
    return cluster
        .server(server)
        .registry()
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(bytes)
        .patch(at(server, location));
  }

  private static Response close(int server, String location, String digest) {
    return cluster
        .server(server)
        .registry()
        .request()
        .put(Repository.closing(at(server, location), digest));
  }

  @Promise
  void uploadIsStartedAppendedToAndClosedAtThreeServers() {
    Repository repository = newRepository();
    Blob blob = Blob.random(3_000_000);
    String location = repository.startUpload();
    assertThat(patch(1, location, blob.slice(0, 1_000_000)).statusCode()).isEqualTo(202);
    assertThat(patch(2, location, blob.slice(1_000_000, 2_000_000)).header("Range"))
        .isEqualTo("0-1999999");
    assertThat(patch(0, location, blob.slice(2_000_000, 3_000_000)).statusCode()).isEqualTo(202);
    assertThat(close(1, location, blob.digest()).statusCode()).isEqualTo(201);
    for (int i = 0; i < 3; i++) {
      byte[] pulled = cluster.at(i, repository).request().get(repository.blob(blob)).asByteArray();
      assertThat(pulled).isEqualTo(blob.bytes());
    }
  }

  @Promise
  void closingRequestThatIsRepeatedElsewhereIs201Again() {
    Repository repository = newRepository();
    Blob blob = Blob.random(1000);
    String location = repository.startUpload();
    patch(1, location, blob.bytes());
    for (int server : List.of(2, 0, 1, 2)) {
      assertThat(close(server, location, blob.digest()).statusCode()).isEqualTo(201);
    }
  }

  @Promise
  void uploadThatIsCancelledAtOneServerIsUnknownAtAll() {
    Repository repository = newRepository();
    String location = repository.startUpload();
    patch(1, location, new byte[1000]);
    cluster.server(2).registry().request().delete(at(2, location)).then().statusCode(204);
    for (int server = 0; server < 3; server++) {
      assertThat(patch(server, location, new byte[1]).statusCode()).isEqualTo(404);
    }
  }

  @Promise
  void ofTwoWritersAtTwoServersOneIsToldWhereTheUploadStands() throws Exception {
    Repository repository = newRepository();
    String location = repository.startUpload();
    patch(0, location, new byte[1000]);
    byte[] large = new byte[20_000_000];
    List<CompletableFuture<Response>> answers =
        List.of(
            CompletableFuture.supplyAsync(() -> patch(1, location, large)),
            CompletableFuture.supplyAsync(() -> patch(2, location, large)));
    List<Response> got = answers.stream().map(CompletableFuture::join).toList();
    long taken = got.stream().filter(answer -> answer.statusCode() == 202).count();
    // Where one came after the other, both were taken, one after the other.
    String range = "0-" + (1000 + taken * large.length - 1);
    repository.request().get(location).then().statusCode(204).header("Range", range);
    assertThat(got)
        .filteredOn(answer -> answer.statusCode() != 202)
        .allSatisfy(
            refused -> {
              assertThat(refused.statusCode()).isEqualTo(416);
              assertThat(refused.header("Range")).isEqualTo("0-999");
            });
    assertThat(taken).isPositive();
  }

  @Promise
  void whatOneServerChangesIsSeenByTheOthersWithinASecond() {
    seesAllKindsOfChanges(() -> {});
  }

  @Promise
  void changesAreSeenWithinASecondAlsoWhenTheConnectionsWereCut() {
    seesAllKindsOfChanges(cluster.postgres()::cutSessions);
  }

  private static void seesAllKindsOfChanges(Runnable disturbance) {
    Repository repository = newRepository();
    Image first = repository.pushImage("moved");
    Image second = repository.pushImage("deleted");
    Manifest index = repository.push(Manifest.index().build());
    Blob blob = repository.push(Blob.random(500));
    List<String> paths =
        List.of(
            repository.manifest("moved"),
            repository.manifest("deleted"),
            repository.manifest(index.digest()),
            repository.blob(blob));
    for (int server = 0; server < 3; server++) {
      for (String path : paths) {
        cluster.at(server, repository).request().get(path).then().statusCode(200);
      }
    }
    disturbance.run();
    await().until(() -> repository.put(second.manifest(), "moved").statusCode() == 201);
    awaitEverywhere(
        repository,
        repository.manifest("moved"),
        answer -> second.manifest().digest().equals(answer.header("Docker-Content-Digest")));
    for (String path : paths.subList(1, 4)) {
      disturbance.run();
      await()
          .until(
              () -> repository.request().delete(path).statusCode(),
              status -> status == 202 || status == 404);
      awaitEverywhere(repository, path, answer -> answer.statusCode() == 404);
    }
    assertThat(first).isNotNull();
  }

  private static void awaitEverywhere(
      Repository repository, String path, java.util.function.Predicate<Response> seen) {
    long begin = System.nanoTime();
    for (int server = 0; server < 3; server++) {
      Repository there = cluster.at(server, repository);
      await()
          .atMost(PROMISED)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> seen.test(there.request().get(path)));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PROMISED);
  }
}
