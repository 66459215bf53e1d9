package dev.entrepot.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.crash.Api;
import dev.entrepot.crash.Ledger;
import dev.entrepot.crash.PushLoad;
import dev.entrepot.crash.Verifier;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three servers behind nginx, which gives each request to the next of them. Clients push without a
 * pause while one server after another is killed (SIGKILL) and started again. Afterwards every
 * acknowledged push comes back byte for byte from each of them.
 */
@OwnServer
class ClusterIT {
  private static final Duration LENGTH = LongRuns.of(Duration.ofSeconds(30), Duration.ofMinutes(5));
  private static final long SEED = Long.getLong("cluster.seed", System.nanoTime());
  private static final int ACKNOWLEDGED_BETWEEN_KILLS = 60;

  @TempDir Path directory;
  private int kills;
  private int resumed;

  @Test
  void acknowledgedPushesSurviveTheDeathOfServersOneAfterAnother() {
    System.out.println("cluster.seed=" + SEED);
    Ledger ledger = new Ledger();
    Map<String, String> settings = Map.of("ENTREPOT_UPLOAD_LEASE", "3s");
    try (Cluster cluster = Cluster.start(directory, 3, settings);
        Balancer balancer = cluster.balancer();
        PushLoad load = new PushLoad(balancer.url(), ledger, SEED)) {
      killOneAfterAnother(cluster, load, ledger);
      assertThat(load.stop()).as("refused pushes, seed %d", SEED).isEmpty();
      try (Api api = new Api(balancer.url());
          Verifier verifier = new Verifier(api, ledger)) {
        resumed = verifier.completeOpenUploads(true);
      }
      int compared = 0;
      for (URI url : cluster.urls()) {
        compared += verify(url, ledger);
      }
      System.out.printf(
          "cluster test: %d kills in %s; %d acknowledged requests, %d comparisons, %d uploads"
              + " resumed; 0 lost, 0 dangling%n",
          kills, LENGTH, ledger.acknowledgements(), compared, resumed);
    }
  }

  private void killOneAfterAnother(Cluster cluster, PushLoad load, Ledger ledger) {
    SplittableRandom random = new SplittableRandom(SEED);
    long end = System.nanoTime() + LENGTH.toNanos();
    load.start();
    while (System.nanoTime() < end) {
      awaitMore(ledger);
      RegistryServer victim = cluster.server(random.nextInt(3));
      victim.kill();
      kills++;
      awaitMore(ledger); // the others go on
      victim.startAgain();
    }
  }

  private static void awaitMore(Ledger ledger) {
    long enough = ledger.acknowledgements() + ACKNOWLEDGED_BETWEEN_KILLS;
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> ledger.acknowledgements() >= enough);
  }

  private static int verify(URI url, Ledger ledger) {
    try (Api api = new Api(url);
        Verifier verifier = new Verifier(api, ledger)) {
      assertThat(verifier.verify(true)).as("at %s, seed %d", url, SEED).isEmpty();
      return verifier.compared();
    }
  }
}
