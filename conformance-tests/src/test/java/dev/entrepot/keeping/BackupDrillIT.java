package dev.entrepot.keeping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A backup is made while clients push, restored elsewhere, and all of it is pulled. */
@OwnServer
@Section("Promise > Backup")
class BackupDrillIT {
  private static final int BEFORE = LongRuns.of(20, 1000);
  private static final int PUSHERS = 3;

  @TempDir Path directory;
  private final PushedImages before = new PushedImages("before");
  private final PushedImages during = new PushedImages("during");
  private final AtomicBoolean pushing = new AtomicBoolean(true);

  @Promise
  void everyImageOfTheBackupsMomentPullsElsewhere() {
    Path backup = directory.resolve("backup");
    try (RegistryServer server = server("source")) {
      IntStream.range(0, BEFORE).forEach(i -> before.push(server.registry()));
      List<Thread> pushers = startPushing(server);
      await().until(() -> during.size() > PUSHERS);
      int acknowledged = during.size();
      sayRate("backup", "--copy", "--to", backup, "--data", directory.resolve("source"));
      await().until(() -> during.size() > acknowledged + PUSHERS);
      pushing.set(false);
      pushers.forEach(BackupDrillIT::join);
    }
    Launched.run("backup", "verify", "--from", backup);
    sayRate("restore", "--from", backup, "--data", directory.resolve("target"));
    try (RegistryServer restored = server("target")) {
      before.assertAllPull(restored.registry());
      int there = during.assertWholeOrAbsent(restored.registry());
      assertThat(there).isGreaterThan(PUSHERS).isLessThan(during.size());
      before.push(restored.registry());
      before.assertAllPull(restored.registry());
      System.out.printf(
          "backup drill: %d images before, %d pushed meanwhile, of which %d are in the backup%n",
          BEFORE, during.size(), there);
    }
  }

  @Promise
  void aKilledBackupIsGoneOnWith() throws IOException {
    Path backup = directory.resolve("backup");
    try (RegistryServer server = server("source")) {
      IntStream.range(0, BEFORE).forEach(i -> before.push(server.registry()));
      Launched killed =
          Launched.start(
              Map.of(), "backup", "--copy", "--to", backup, "--data", directory.resolve("source"));
      await().until(() -> !killed.isRunning() || isBegun(backup));
      killed.kill();
      assertThat(Launched.run("backup", "--to", backup, "--data", directory.resolve("source")))
          .contains("is finished");
    }
    try (Stream<Path> snapshots = Files.list(backup.resolve("snapshots"))) {
      assertThat(snapshots).noneMatch(path -> path.toString().endsWith(".unfinished"));
    }
    Launched.run("backup", "verify", "--from", backup);
  }

  private static void sayRate(Object... command) {
    String said = Launched.run(command);
    System.out.println(command[0] + " drill: " + Launched.lastLine(said, "blobs:"));
  }

  private static boolean isBegun(Path backup) {
    try (Stream<Path> snapshots = Files.list(backup.resolve("snapshots"))) {
      return snapshots.findAny().isPresent();
    } catch (IOException notYet) {
      return false;
    }
  }

  private RegistryServer server(String data) {
    return RegistryServer.builder().dataDirectory(directory.resolve(data)).start();
  }

  private List<Thread> startPushing(RegistryServer server) {
    return IntStream.range(0, PUSHERS)
        .mapToObj(
            i ->
                Thread.ofPlatform()
                    .start(
                        () -> {
                          while (pushing.get()) {
                            during.push(server.registry());
                          }
                        }))
        .toList();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
