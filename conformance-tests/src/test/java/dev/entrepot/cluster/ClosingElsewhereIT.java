package dev.entrepot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server loses the database after it has stored the bytes of a blob and before their row is
 * written. The client sends its closing request again, and it reaches another server.
 */
@OwnServer
@Section("Promise > Replicas")
class ClosingElsewhereIT {
  /** Of the statement that makes stored bytes a blob. */
  private static final String PUBLISHING = "INSERT INTO blob AS b";

  /** The last is more than what a server drops of the body of a request that it refuses. */
  private static final List<Sizes> SIZES =
      List.of(new Sizes(1000, 0), new Sizes(12_000_000, 1000), new Sizes(1000, 20_000_000));

  /**
   * Bytes of an upload.
   *
   * @param first with a PATCH
   * @param last with the closing PUT
   */
  private record Sizes(int first, int last) {}

  @ParameterizedTest
  @ValueSource(strings = {"s3", "filesystem"})
  void closingRequestSucceedsAtAnotherServer(String type, @TempDir Path directory) {
    Map<String, String> settings =
        type.equals("s3")
            ? Map.of("ENTREPOT_UPLOAD_LEASE", "3s")
            : Map.of("ENTREPOT_UPLOAD_LEASE", "3s", "ENTREPOT_STORAGE_TYPE", type);
    try (Cluster cluster = Cluster.start(directory, 1, settings);
        PostgresProxy proxy = new PostgresProxy(cluster.postgres().port())) {
      RegistryServer cutOff = cluster.addBehind(proxy);
      for (Sizes sizes : SIZES) {
        assertClosesElsewhere(cluster.server(0), cutOff, proxy, sizes);
      }
    }
  }

  private static void assertClosesElsewhere(
      RegistryServer other, RegistryServer cutOff, PostgresProxy proxy, Sizes sizes) {
    Repository repository = other.registry().newRepository();
    Blob blob = Blob.random(sizes.first() + sizes.last());
    String location = repository.startUpload();
    cutOff
        .registry()
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(Arrays.copyOf(blob.bytes(), sizes.first()))
        .patch(at(cutOff, location))
        .then()
        .statusCode(202);
    byte[] last = Arrays.copyOfRange(blob.bytes(), sizes.first(), blob.bytes().length);
    proxy.cutBefore(PUBLISHING);
    assertThat(close(cutOff, location, blob, last)).as("%s cut off", sizes).isEqualTo(503);
    assertThat(proxy.isAway()).isTrue();
    assertThat(close(other, location, blob, last)).as("%s elsewhere", sizes).isEqualTo(201);
    proxy.heal();
    assertThat(close(cutOff, location, blob, last)).as("%s again", sizes).isEqualTo(201);
    byte[] pulled =
        cutOff
            .registry()
            .repository(repository.name())
            .request()
            .get(repository.blob(blob))
            .asByteArray();
    assertThat(pulled).isEqualTo(blob.bytes());
  }

  private static int close(RegistryServer server, String location, Blob blob, byte[] last) {
    RequestSpecification request = server.registry().request();
    if (last.length > 0) {
      request.contentType(MediaTypes.OCTET_STREAM).body(last);
    }
    return request.put(Repository.closing(at(server, location), blob.digest())).statusCode();
  }

  private static String at(RegistryServer server, String location) {
    return server.url().resolve(URI.create(location).getPath()).toString();
  }
}
