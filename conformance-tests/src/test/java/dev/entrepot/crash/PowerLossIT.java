package dev.entrepot.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.RegistryServer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power of the whole server, database included, at random moments of concurrent pushes.
 *
 * <p>How: all of its data is on an ext4 file system of its own, on a loop device. At the chosen
 * moment the kernel is told to shut that file system down without flushing even its journal ({@code
 * EXT4_IOC_SHUTDOWN}); all that the kernel still held in memory is then lost, as when the power
 * goes. Server and database are killed, the file system is mounted again (which replays its
 * journal), and the server starts on what is there. The journal's own timer is off and ext4's habit
 * of flushing renamed files too, so that only what was synced is on the device. Two canaries prove
 * it each time: a synced file is there afterwards, an unsynced one is not.
 *
 * <p>Why so: it is one moment for all files of all processes, made by a real kernel from what they
 * really synced. A copy of the files while the server runs would not be one moment, a FUSE layer
 * would model PostgreSQL's mapped and preallocated files badly, and the device mapper is not in
 * every kernel. What it does not show is a disk that lies about its cache, and orders that ext4's
 * journal hides (one sync commits all earlier renames); the latter is what {@link WriteOrderIT}
 * looks at.
 *
 * <p>A server whose disk is gone must not acknowledge anything either, so that the ledger runs on
 * until the server is killed. {@code -Dcrash.power-losses} sets how often (20).
 */
class PowerLossIT {
  private static final int LOSSES = Integer.getInteger("crash.power-losses", 20);
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Ledger ledger = new Ledger();

  @Test
  void acknowledgedPushesSurviveEveryLossOfPower() {
    System.out.println("crash.seed=" + SEED);
    try (Volume volume = Volume.create();
        PostgresProcesses.Remains remains = PostgresProcesses.remainsIn(volume.root());
        RegistryServer server = RegistryServer.builder().dataDirectory(volume.root()).start();
        PushLoad load = new PushLoad(server.url(), ledger, SEED);
        Api api = new Api(server.url());
        Verifier verifier = new Verifier(api, ledger)) {
      int resumed = 0;
      int lossy = 0;
      for (int round = 1; round <= LOSSES; round++) {
        lossy += losePower(volume, server, load) ? 1 : 0;
        server.startAgain();

        resumed += verifier.completeOpenUploads(false);
        assertThat(verifier.verify(true)).as("power loss %d, seed %d", round, SEED).isEmpty();
      }
      assertThat(lossy).as("losses of power that lost what was not synced").isPositive();
      System.out.printf(
          "power loss test: %d losses, %d of them of bytes not synced; %d acknowledged requests, %d"
              + " comparisons after restarts, %d uploads resumed; 0 lost, 0 dangling%n",
          LOSSES, lossy, ledger.acknowledgements(), verifier.compared(), resumed);
    }
  }

  /** Whether bytes that nobody had synced were lost with it. */
  private boolean losePower(Volume volume, RegistryServer server, PushLoad load) {
    long enough = ledger.acknowledgements() + random.nextInt(5, 120);
    load.start();
    await().pollInterval(Duration.ofMillis(1)).until(() -> ledger.acknowledgements() >= enough);
    List<ProcessHandle> database = PostgresProcesses.of(server.pid());
    volume.cutPower();
    server.kill();
    database.forEach(ProcessHandle::destroyForcibly);
    assertThat(load.stop()).as("refused pushes, seed %d", SEED).isEmpty();
    return volume.restorePower();
  }
}
