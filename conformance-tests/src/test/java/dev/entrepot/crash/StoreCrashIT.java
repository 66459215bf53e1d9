package dev.entrepot.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Kills the object store, or the server and the object store together (SIGKILL), at random moments
 * of concurrent pushes. After each restart every acknowledged push comes back byte for byte. {@code
 * -Dcrash.store-kills} sets how often (5, in long runs 100).
 */
@OwnServer
class StoreCrashIT {
  private static final int KILLS = Integer.getInteger("crash.store-kills", LongRuns.of(5, 100));
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
  private static final int EVERYTHING_EVERY = 10;
  private static final int PUSHES_AFTER_RECOVERY = 20;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Ledger ledger = new Ledger();

  @Test
  void acknowledgedPushesSurviveEveryKillOfTheStore() throws IOException {
    System.out.println("crash.seed=" + SEED);
    try (S3Server store = ObjectStores.versitygw();
        RegistryServer server =
            ObjectStores.s3(RegistryServer.builder(), store.endpoint()).start();
        PushLoad load = new PushLoad(server.url(), ledger, SEED);
        Api api = new Api(server.url());
        Verifier verifier = new Verifier(api, ledger)) {
      for (int round = 1; round <= KILLS; round++) {
        boolean serverToo = random.nextInt(3) == 0;
        killInTheMiddle(store, server, serverToo, load);
        verifier.completeOpenUploads(!serverToo);
        List<String> faults = verifier.verify(round % EVERYTHING_EVERY == 0 || round == KILLS);
        assertThat(faults).as("after kill %d, seed %d", round, SEED).isEmpty();
      }
      System.out.printf(
          "store killed %d times; %d acknowledged requests, %d comparisons; 0 lost, 0 dangling%n",
          KILLS, ledger.acknowledgements(), verifier.compared());
    }
  }

  private void killInTheMiddle(
      S3Server store, RegistryServer server, boolean serverToo, PushLoad load) throws IOException {
    long before = ledger.acknowledgements();
    load.start();
    long enough = before + random.nextInt(5, 60);
    await().pollInterval(Duration.ofMillis(1)).until(() -> ledger.acknowledgements() >= enough);
    store.kill();
    if (serverToo) {
      server.kill();
    }
    store.startAgain();
    if (serverToo) {
      assertThat(load.stop()).as("refused pushes, seed %d", SEED).isEmpty();
      server.startAgain();
    } else {
      long more = ledger.acknowledgements() + PUSHES_AFTER_RECOVERY;
      await().until(() -> ledger.acknowledgements() >= more);
      assertThat(load.stop()).as("refused pushes, seed %d", SEED).isEmpty();
    }
  }
}
