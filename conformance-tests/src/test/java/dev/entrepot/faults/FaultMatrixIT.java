package dev.entrepot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.crash.Api;
import dev.entrepot.storage.testkit.s3.Fault;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.Injection;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every request to the store that a push or a pull makes × everything that can go wrong with it:
 * once, so that the server may try again, and as long as the client waits. Clients see success, 503
 * with Retry-After, or a connection that is cut; nothing acknowledged is missing afterwards; what
 * was refused succeeds when the store is well again.
 */
@OwnServer
class FaultMatrixIT {
  static final Duration STORE_TIMEOUT = Duration.ofSeconds(2);
  private static final int AT_ONCE = 16;

  /** {@code -Dlong-runs=true}: all. */
  static List<S3Server.Kind> stores() {
    return LongRuns.of(List.of(S3Server.Kind.VERSITYGW), List.of(S3Server.Kind.values()));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void everyStepSurvivesEveryHarm(S3Server.Kind kind) throws Exception {
    try (S3Server s3 = ObjectStores.start(kind);
        FaultProxy proxy = FaultProxy.to(s3.endpoint());
        RegistryServer server = start(proxy);
        Api api = new Api(server.url())) {
      List<String> faults = new ArrayList<>();
      String tables = "";
      for (boolean lasting : List.of(false, true)) {
        Map<Step, Map<Harm, Future<String>>> outcomes = run(proxy, api, lasting);
        tables += "### " + (lasting ? "As long as the client waits" : "Once") + "\n\n";
        tables += table(outcomes, faults) + "\n";
      }
      System.out.println(tables);
      Files.writeString(Path.of("target", "fault-matrix-" + kind.program() + ".md"), tables);
      assertThat(faults).isEmpty();
      assertManifestsNeedNoStore(proxy, server.registry().newRepository());
    }
  }

  /** They are in the database, and a push of one looks there for the blobs it names. */
  private static void assertManifestsNeedNoStore(FaultProxy proxy, Repository repository) {
    Image image = Image.random();
    repository.push(image.config());
    repository.push(image.layer());
    Injection away = proxy.inject(Injection.of(new Fault.ResetBefore(), request -> true));
    String digest = repository.push(image.manifest(), "1").digest();
    repository.request().get(repository.manifest("1")).then().statusCode(200);
    repository.request().get(repository.tags()).then().statusCode(200);
    repository.request().delete(repository.manifest(digest)).then().statusCode(202);
    proxy.remove(away);
  }

  private static RegistryServer start(FaultProxy proxy) {
    return ObjectStores.s3(RegistryServer.builder(), proxy.endpoint())
        .environment("ENTREPOT_STORAGE_S3_PUBLIC_ENDPOINT", proxy.endpoint("localhost").toString())
        .environment("ENTREPOT_STORAGE_REDIRECT_NETWORKS", Cell.REDIRECTED)
        .environment("ENTREPOT_HTTP_TRUSTED_PROXIES", "127.0.0.1")
        .environment("ENTREPOT_STORAGE_S3_TRANSFER_TIMEOUT", STORE_TIMEOUT.toSeconds() + "s")
        .environment("ENTREPOT_STORAGE_S3_TRANSFER_MAX_ATTEMPTS", "4")
        .environment("ENTREPOT_STORAGE_S3_TRANSFER_PART_SIZE", "5M")
        // Cells that wait for the memory of others shall not fail of it.
        .environment("ENTREPOT_STORAGE_S3_TRANSFER_BUFFER_WAIT", "60s")
        .start();
  }

  private static Map<Step, Map<Harm, Future<String>>> run(
      FaultProxy proxy, Api api, boolean lasting) {
    Map<Step, Map<Harm, Future<String>>> outcomes = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Step step : Step.values()) {
        Map<Harm, Future<String>> row = new LinkedHashMap<>();
        for (Harm harm : Harm.values()) {
          Callable<String> cell = () -> new Cell(proxy, api, step, harm, lasting).run();
          row.put(harm, threads.submit(cell));
        }
        outcomes.put(step, row);
      }
    }
    return outcomes;
  }

  private static String table(Map<Step, Map<Harm, Future<String>>> outcomes, List<String> faults)
      throws InterruptedException, IOException {
    StringBuilder table = new StringBuilder("| |");
    for (Harm harm : Harm.values()) {
      table.append(' ').append(harm.title()).append(" |");
    }
    table.append("\n|").append("---|".repeat(Harm.values().length + 1)).append('\n');
    for (var row : outcomes.entrySet()) {
      table.append("| ").append(row.getKey().title()).append(" |");
      for (Future<String> cell : row.getValue().values()) {
        table.append(' ').append(outcome(cell, faults)).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  private static String outcome(Future<String> cell, List<String> faults)
      throws InterruptedException {
    try {
      return cell.get();
    } catch (ExecutionException e) {
      faults.add(e.getCause().toString());
      return "**fault**";
    }
  }
}
