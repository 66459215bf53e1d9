package dev.entrepot.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.RegistryServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server, its PostgreSQL, or both (SIGKILL) at random moments of concurrent pushes, again
 * and again on the same data. After each restart every acknowledged push comes back byte for byte
 * and nothing dangles. {@code -Dcrash.kills} sets how often (50, in long runs 300), {@code
 * -Dcrash.seed} repeats the choices of a run.
 */
class CrashIT {
  private static final int KILLS = Integer.getInteger("crash.kills", LongRuns.of(50, 300));
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
  private static final int EVERYTHING_EVERY = 20;
  private static final int PUSHES_AFTER_RECOVERY = 40;

  /** What is killed. */
  private enum Victim {
    /** The server; its PostgreSQL is left behind and has to be taken over. */
    SERVER,
    /** The server and all of its PostgreSQL at once. */
    SERVER_AND_DATABASE,
    /** One PostgreSQL process; all others of it end too, and the server has to bring it back. */
    DATABASE_SESSION,
    /** PostgreSQL's first process; the others end by themselves. */
    DATABASE
  }

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
  private final Ledger ledger = new Ledger();
  @TempDir Path directory;
  private long slowestStart;
  private int resumed;

  @Test
  void acknowledgedPushesSurviveEveryKill() {
    System.out.println("crash.seed=" + SEED);
    try (PostgresProcesses.Remains remains = PostgresProcesses.remainsIn(directory);
        RegistryServer server = RegistryServer.builder().dataDirectory(directory).start();
        PushLoad load = new PushLoad(server.url(), ledger, SEED);
        Api api = new Api(server.url());
        Verifier verifier = new Verifier(api, ledger)) {
      for (int round = 1; round <= KILLS; round++) {
        Victim victim = victim();
        killInTheMiddle(server, load, victim);
        kills.merge(victim, 1, Integer::sum);

        resumed += verifier.completeOpenUploads(victim == Victim.SERVER);
        List<String> faults = verifier.verify(round % EVERYTHING_EVERY == 0 || round == KILLS);
        assertThat(faults).as("after kill %d, of %s, seed %d", round, victim, SEED).isEmpty();
      }
      report(verifier);
    }
  }

  private void killInTheMiddle(RegistryServer server, PushLoad load, Victim victim) {
    long before = ledger.acknowledgements();
    load.start();
    awaitRandomMoment(before);
    List<ProcessHandle> database = PostgresProcesses.of(server.pid());
    switch (victim) {
      case SERVER -> server.kill();
      case SERVER_AND_DATABASE -> {
        server.kill();
        database.forEach(ProcessHandle::destroyForcibly);
      }
      case DATABASE -> database.getFirst().destroyForcibly();
      case DATABASE_SESSION -> database.get(random.nextInt(1, database.size())).destroyForcibly();
    }
    if (server.isRunning()) {
      awaitMorePushes();
    }
    assertThat(load.stop()).as("refused pushes, killed %s, seed %d", victim, SEED).isEmpty();
    if (!server.isRunning()) {
      restart(server);
    }
  }

  private Victim victim() {
    int choice = random.nextInt(10);
    return choice < 6
        ? Victim.SERVER
        : choice < 8
            ? Victim.SERVER_AND_DATABASE
            : choice == 8 ? Victim.DATABASE_SESSION : Victim.DATABASE;
  }

  /** A moment after some acknowledgements, with requests in all stages. */
  private void awaitRandomMoment(long before) {
    long enough = before + random.nextInt(5, 120);
    await().pollInterval(Duration.ofMillis(1)).until(() -> ledger.acknowledgements() >= enough);
    busyWait(random.nextInt(3_000_000));
  }

  /** The server brings its PostgreSQL back by itself, and takes pushes again. */
  private void awaitMorePushes() {
    long enough = ledger.acknowledgements() + PUSHES_AFTER_RECOVERY;
    await().pollInterval(Duration.ofMillis(20)).until(() -> ledger.acknowledgements() >= enough);
  }

  private void restart(RegistryServer server) {
    long started = System.nanoTime();
    server.startAgain();
    slowestStart = Math.max(slowestStart, System.nanoTime() - started);
  }

  // Where in a request the kill falls is decided by microseconds, finer than a sleep.
  private static void busyWait(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private void report(Verifier verifier) {
    System.out.printf(
        "crash test: %d kills %s; %d acknowledged requests, %d comparisons after restarts, %d"
            + " uploads resumed; slowest start %d ms; 0 lost, 0 dangling%n",
        KILLS,
        kills,
        ledger.acknowledgements(),
        verifier.compared(),
        resumed,
        TimeUnit.NANOSECONDS.toMillis(slowestStart));
  }
}
