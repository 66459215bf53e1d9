package dev.entrepot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.crash.Api;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.Injection;
import dev.entrepot.storage.testkit.s3.S3Operation;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/**
 * Clean-up deletes the bytes of a blob, the store fails at that, and meanwhile a client pushes the
 * blob anew: it keeps what it was promised, and the old bytes go in the end, once.
 */
@OwnServer
class CleanUpFaultsIT {
  private static final List<Harm> HARMS =
      LongRuns.of(
          List.of(Harm.SLOW, Harm.THROTTLED, Harm.ANSWER_LOST, Harm.SILENCE),
          List.of(Harm.values()));
  private static final ConditionFactory AWAIT =
      Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200));

  @Test
  void bytesThatAreDeletedLateAreNeverThoseOfALaterPush() throws Exception {
    try (S3Server store = ObjectStores.versitygw();
        FaultProxy proxy = FaultProxy.to(store.endpoint());
        RegistryServer server = server(proxy).start();
        Api api = new Api(server.url());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> cells = new ArrayList<>();
      for (Harm harm : HARMS) {
        cells.add(() -> run(harm, store, proxy, api));
      }
      for (Future<Void> cell : threads.invokeAll(cells)) {
        cell.get();
      }
    }
  }

  private static RegistryServer.Builder server(FaultProxy proxy) {
    return ObjectStores.s3(RegistryServer.builder(), proxy.endpoint())
        .environment("ENTREPOT_GC_GRACE", "2s")
        .environment("ENTREPOT_GC_INTERVAL", "1s")
        // Bytes that lost their row to a later push are without one until no upload can claim them.
        .environment("ENTREPOT_UPLOAD_EXPIRY", "5s")
        .environment(
            "ENTREPOT_STORAGE_S3_TRANSFER_TIMEOUT", FaultMatrixIT.STORE_TIMEOUT.toSeconds() + "s")
        .environment("ENTREPOT_STORAGE_S3_TRANSFER_MAX_ATTEMPTS", "2");
  }

  private static Void run(Harm harm, S3Server store, FaultProxy proxy, Api api) throws IOException {
    Blob blob = Blob.random(100_000);
    String hex = blob.digest().substring("sha256:".length());
    Injection injection =
        proxy.inject(
            Injection.of(
                harm.fault(), S3Operation.DELETE_OBJECT.and(request -> request.names(hex))));
    String path = "/v2/clean-up/" + UUID.randomUUID();
    push(api, path, blob);
    AWAIT.until(() -> injection.hits() > 0);

    AWAIT.until(() -> pushesImage(api, path, blob));
    proxy.remove(injection);
    AWAIT.untilAsserted(() -> assertThat(objects(store, hex)).as("%s", harm).hasSize(1));
    Api.Answer pulled = api.get(path + "/blobs/" + blob.digest());
    assertThat(pulled.status()).as("%s", harm).isEqualTo(200);
    assertThat(pulled.body()).isEqualTo(blob.bytes());
    return null;
  }

  private static int push(Api api, String path, Blob blob) {
    return api.post(path + "/blobs/uploads/?digest=" + blob.digest(), blob.bytes()).status();
  }

  /** On a busy machine clean-up may be faster than a push, which then begins again. */
  private static boolean pushesImage(Api api, String path, Blob layer) {
    Manifest manifest =
        Manifest.image()
            .config(Blob.EMPTY_JSON, MediaTypes.OCI_EMPTY)
            .noLayers()
            .layer(layer, MediaTypes.OCTET_STREAM)
            .build();
    return push(api, path, Blob.EMPTY_JSON) == 201
        && push(api, path, layer) == 201
        && api.put(path + "/manifests/1", manifest.mediaType(), manifest.bytes()).status() == 201;
  }

  private static List<Path> objects(S3Server store, String hex) throws IOException {
    try (Stream<Path> files = Files.walk(store.objects())) {
      return files.filter(file -> file.getFileName().toString().startsWith(hex)).toList();
    }
  }
}
