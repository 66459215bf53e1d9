package dev.entrepot.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Concurrently;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What is there after a stop, and after a crash. */
@OwnServer
@Section("Promise > Restarts")
class RestartIT {
  private static RegistryServer server;
  private Repository repository;

  @BeforeAll
  static void start() {
    server = RegistryServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void newRepository() {
    repository = server.registry().newRepository();
  }

  @Promise
  void imageIsThereAfterAStop() {
    Image image = repository.pushImage("v1");
    server.restart();
    isThere(image);
  }

  @Promise
  void imageIsThereAfterAKill() {
    Image image = repository.pushImage("v1");
    server.kill();
    server.startAgain();
    isThere(image);
  }

  @Promise
  void uploadGoesOnAfterAKill() {
    Blob blob = Blob.random(3_000_000);
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 2_000_000);
    server.kill();
    server.startAgain();
    repository.request().get(location).then().statusCode(204).header("Range", equalTo("0-1999999"));
    repository
        .request()
        .header("Content-Range", "2000000-2999999")
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.slice(2_000_000, 3_000_000))
        .put(Repository.closing(location, blob.digest()))
        .then()
        .statusCode(201);
    assertThat(repository.request().get(repository.blob(blob)).asByteArray())
        .isEqualTo(blob.bytes());
  }

  @Promise
  void closingPutIsRepeatableAfterAKill() {
    Blob blob = Blob.random(1000);
    String location = repository.sendChunk(repository.startUpload(), blob, 0, 1000);
    String closing = Repository.closing(location, blob.digest());
    repository.request().put(closing).then().statusCode(201);
    server.kill();
    server.startAgain();
    repository.request().put(closing).then().statusCode(201);
  }

  @Promise
  void stopEndsTheDatabaseToo() {
    List<ProcessHandle> children =
        ProcessHandle.of(server.pid()).orElseThrow().descendants().toList();
    assertThat(children).isNotEmpty();
    server.stop();
    await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    server.startAgain();
  }

  @Promise
  void sameBlobPushedByManyIsStoredOnce() throws IOException {
    Blob blob = Blob.random(300_000);
    List<Repository> repositories =
        Stream.generate(() -> server.registry().newRepository()).limit(8).toList();
    Concurrently.run(8, client -> () -> repositories.get(client).push(blob));
    repository.push(blob);
    String hex = blob.digest().substring("sha256:".length());
    await().until(() -> filesNamedLike(hex) == 1);
  }

  private static long filesNamedLike(String hex) throws IOException {
    try (Stream<Path> files = Files.walk(server.dataDirectory().resolve("storage"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(hex)).count();
    }
  }

  private void isThere(Image image) {
    assertThat(repository.request().get(repository.manifest("v1")).asByteArray())
        .isEqualTo(image.manifest().bytes());
    for (Blob blob : List.of(image.config(), image.layer())) {
      assertThat(repository.request().get(repository.blob(blob)).asByteArray())
          .isEqualTo(blob.bytes());
    }
  }
}
