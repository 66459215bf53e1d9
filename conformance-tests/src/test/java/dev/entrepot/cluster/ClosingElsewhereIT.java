package dev.entrepot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A server loses the database after it has stored the bytes of a blob and before their row is
 * written. The client sends its closing request again, and it reaches another server.
 */
@OwnServer
@Section("Promise > Replicas")
class ClosingElsewhereIT {
  /** Of the statement that makes stored bytes a blob. */
  private static final String PUBLISHING = "INSERT INTO blob AS b";

  @ParameterizedTest
  @CsvSource({"s3, 1000", "s3, 12000000", "filesystem, 1000"})
  void closingRequestSucceedsAtAnotherServer(String type, int size, @TempDir Path directory) {
    Map<String, String> settings =
        type.equals("s3")
            ? Map.of("ENTREPOT_UPLOAD_LEASE", "3s")
            : Map.of("ENTREPOT_UPLOAD_LEASE", "3s", "ENTREPOT_STORAGE_TYPE", type);
    try (Cluster cluster = Cluster.start(directory, 1, settings);
        PostgresProxy proxy = new PostgresProxy(cluster.postgres().port())) {
      RegistryServer cutOff = cluster.addBehind(proxy);
      RegistryServer other = cluster.server(0);
      Repository repository = other.registry().newRepository();
      Blob blob = Blob.random(size);
      String location = repository.startUpload();
      cutOff
          .registry()
          .request()
          .contentType(MediaTypes.OCTET_STREAM)
          .body(blob.bytes())
          .patch(at(cutOff, location))
          .then()
          .statusCode(202);
      proxy.cutBefore(PUBLISHING);
      assertThat(close(cutOff, location, blob)).isEqualTo(503);
      assertThat(proxy.isAway()).isTrue();
      assertThat(close(other, location, blob)).isEqualTo(201);
      proxy.heal();
      assertThat(close(cutOff, location, blob)).isEqualTo(201);
      byte[] pulled = cluster.at(1, repository).request().get(repository.blob(blob)).asByteArray();
      assertThat(pulled).isEqualTo(blob.bytes());
    }
  }

  private static int close(RegistryServer server, String location, Blob blob) {
    return server
        .registry()
        .request()
        .put(Repository.closing(at(server, location), blob.digest()))
        .statusCode();
  }

  private static String at(RegistryServer server, String location) {
    return server.url().resolve(URI.create(location).getPath()).toString();
  }
}
