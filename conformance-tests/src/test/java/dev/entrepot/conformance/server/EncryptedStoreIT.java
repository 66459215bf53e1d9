package dev.entrepot.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.storage.testkit.s3.S3Server;
import dev.entrepot.storage.testkit.tls.IssuedCertificate;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A store with a certificate of its own authority, which gets its key with every request. */
@OwnServer
@Section("Promise > Object stores")
class EncryptedStoreIT {
  private static final int IN_PARTS = 10 << 20;

  @TempDir private static Path directory;
  private static S3Server store;
  private static Path key;

  @BeforeAll
  static void start() throws IOException {
    ObjectStores.require(S3Server.Kind.MINIO);
    store =
        S3Server.builder(S3Server.Kind.MINIO).tls(IssuedCertificate.create("localhost")).start();
    String base64 = Base64.getEncoder().encodeToString(new byte[32]);
    key = Files.writeString(directory.resolve("key"), base64 + "\n");
  }

  @AfterAll
  static void stop() {
    if (store != null) {
      store.close();
    }
  }

  private static RegistryServer.Builder server() {
    return ObjectStores.s3(RegistryServer.builder(), store.endpoint())
        .environment("ENTREPOT_STORAGE_S3_ENCRYPTION_TYPE", "customer")
        .environment("ENTREPOT_STORAGE_S3_ENCRYPTION_KEY_FILE", key.toString());
  }

  private static RegistryServer.Builder trustingServer() {
    String authority = store.authority().orElseThrow().toString();
    return server().environment("ENTREPOT_STORAGE_S3_CA", authority);
  }

  @Promise
  void blobsOfAllSizesComeBack() {
    try (RegistryServer server = trustingServer().start()) {
      Repository repository = server.registry().newRepository();
      for (Blob blob : new Blob[] {Blob.random(100), Blob.random(IN_PARTS)}) {
        repository.push(blob);
        Response whole = repository.request().get(repository.blob(blob));
        whole.then().statusCode(200);
        assertThat(whole.asByteArray()).isEqualTo(blob.bytes());
      }
    }
  }

  @Promise
  void serverDoesNotStartWithoutTheAuthority() {
    assertThatThrownBy(() -> server().start().close())
        .hasMessageContaining("The object store cannot be used")
        .hasMessageContaining("its certificate is not trusted");
  }

  @Promise
  void serverDoesNotStartWhenClientsWouldBeSentToWhatTheyCannotRead() {
    String url = store.endpoint("localhost").toString();
    assertThatThrownBy(
            () ->
                trustingServer()
                    .environment("ENTREPOT_STORAGE_S3_PUBLIC_ENDPOINT", url)
                    .start()
                    .close())
        .hasMessageContaining("entrepot.storage.s3.public-endpoint: clients cannot be sent");
  }
}
