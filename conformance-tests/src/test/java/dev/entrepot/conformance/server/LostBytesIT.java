package dev.entrepot.conformance.server;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Blobs whose files somebody or something has taken away below the server. */
@OwnServer
@Section("Promise > Lost bytes")
class LostBytesIT {
  private static RegistryServer server;
  private final Blob blob = Blob.random(300_000); // too large to be answered from memory
  private Repository repository;
  private Repository other;

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
  void pushAndPull() {
    repository = server.registry().newRepository();
    other = server.registry().newRepository();
    for (Repository each : new Repository[] {repository, other}) {
      each.push(blob);
      pulls(each);
    }
  }

  @Promise
  void lostBlobIsUnknownSoThatClientsPushItAgain() throws IOException {
    Files.delete(file());
    isUnknown(repository);
    assertThat(server.logText()).contains("bytes of a blob are lost");
  }

  @Promise
  void pushHealsALostBlobInAllRepositories() throws IOException {
    Files.delete(file());
    other.push(blob);
    pulls(other);
    pulls(repository);
  }

  @Promise
  void pushHealsATruncatedBlob() throws IOException {
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.truncate(1000);
    }
    isUnknown(repository);
    repository.push(blob);
    pulls(repository);
    pulls(other);
  }

  @Promise
  void lostBlobIsNotMounted() throws IOException {
    Files.delete(file());
    Repository third = server.registry().newRepository();
    third
        .request()
        .post(third.uploads() + "?mount=" + blob.digest() + "&from=" + repository.name())
        .then()
        .statusCode(202);
  }

  @Promise
  void smallBlobThatIsLostIsUnknownOnceMemoryHasForgottenIt() throws IOException {
    Blob small = repository.push(Blob.random(1000));
    Files.delete(file(small));
    server.restart();
    repository.request().head(repository.blob(small)).then().statusCode(404);
    repository.push(small);
    assertThat(repository.request().get(repository.blob(small)).asByteArray())
        .isEqualTo(small.bytes());
  }

  private void isUnknown(Repository in) {
    in.request().head(in.blob(blob)).then().statusCode(404);
    in.request().get(in.blob(blob)).then().spec(error(404, "BLOB_UNKNOWN"));
  }

  private void pulls(Repository from) {
    from.request().head(from.blob(blob)).then().statusCode(200);
    assertThat(from.request().get(from.blob(blob)).asByteArray()).isEqualTo(blob.bytes());
  }

  private Path file() throws IOException {
    return file(blob);
  }

  private static Path file(Blob of) throws IOException {
    String hex = of.digest().substring("sha256:".length());
    try (Stream<Path> files = Files.walk(server.dataDirectory().resolve("storage"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(hex))
          .findFirst()
          .orElseThrow();
    }
  }
}
