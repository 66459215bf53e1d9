package dev.entrepot.storage.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.filesystem.Strace.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left when the power fails. A machine cannot be switched off in a test, and {@code kill
 * -9} keeps the page cache, so: {@link TracedUploads} runs under {@code strace}; {@link
 * SimulatedDisk} replays the system calls up to a random moment and drops what no sync had covered;
 * the outcome is laid out as files, and a store opened there must keep every promise that the
 * program had been given until then. Two tests take the syncs out of the record and show that the
 * simulation would notice.
 */
@EnabledIf("dev.entrepot.storage.filesystem.Strace#isUsable")
class PowerLossTest {
  private static final int CUTS = 40;

  @TempDir static Path directory;
  private static String root;
  private static List<Call> calls;

  @BeforeAll
  static void trace() throws Exception {
    Path real = directory.toRealPath();
    root = real.toString();
    List<String> program = ChildJvm.command(TracedUploads.class, real.resolve("store"));
    calls = Strace.trace(program, real.resolve("strace.log"));
  }

  @Test
  void bytesAreSyncedBeforeTheRenameAndTheFolderBeforeTheAnswer() {
    List<Call> commits = calls.stream().filter(c -> c.said().startsWith("COMMITTED")).toList();
    assertTrue(commits.size() > 10);
    for (Call committed : commits) {
      String key = committed.said().split(" ")[1];
      Call rename = only(c -> c.isRename() && c.paths().getLast().endsWith("/" + key));
      String upload = rename.path();
      String folder = SimulatedDisk.folderOf(rename.paths().getLast());
      int lastWrite =
          calls.stream()
              .filter(c -> c.is("write", "writev", "pwrite64") && c.path().equals(upload))
              .mapToInt(Call::end)
              .max()
              .orElse(0);
      assertTrue(isSyncedBetween(upload, lastWrite, rename.start()), "bytes of " + key);
      assertTrue(isSyncedBetween(folder, rename.end(), committed.start()), "folder of " + key);
    }
  }

  @Test
  void smallUploadCostsTwoSyncs() throws Exception {
    Path real = directory.toRealPath();
    List<String> program = ChildJvm.command(OneUpload.class, real.resolve("one"));
    List<Call> syncs =
        Strace.trace(program, real.resolve("one.log")).stream()
            .dropWhile(c -> !c.said().equals("OPEN"))
            .filter(Call::isSync)
            .toList();
    assertEquals(2, syncs.size(), syncs::toString);
  }

  private static Call only(Predicate<Call> predicate) {
    List<Call> found = calls.stream().filter(predicate).toList();
    assertEquals(1, found.size(), found::toString);
    return found.getFirst();
  }

  private static boolean isSyncedBetween(String path, int after, int before) {
    return calls.stream()
        .filter(c -> c.isSync() && c.path().equals(path))
        .anyMatch(c -> c.start() > after && c.end() < before);
  }

  @RepeatedTest(CUTS)
  void everyPromiseSurvivesAPowerLoss(
      RepetitionInfo repetition, @TempDir(factory = InMemory.class) Path disk) throws IOException {
    assertEquals(List.of(), brokenPromises(calls, repetition.getCurrentRepetition(), disk));
  }

  @Test
  void simulationNoticesBytesThatAreNotSynced(@TempDir(factory = InMemory.class) Path disk)
      throws IOException {
    assertNoticed(calls.stream().filter(c -> !c.is("fdatasync")).toList(), disk);
  }

  @Test
  void simulationNoticesFoldersThatAreNotSynced(@TempDir(factory = InMemory.class) Path disk)
      throws IOException {
    assertNoticed(calls.stream().filter(c -> !c.is("fsync")).toList(), disk);
  }

  private static void assertNoticed(List<Call> faulty, Path disk) throws IOException {
    List<String> broken = List.of();
    for (int seed = 1; seed <= 5 && broken.isEmpty(); seed++) {
      broken = brokenPromises(faulty, seed, disk.resolve("" + seed));
    }
    assertFalse(broken.isEmpty());
  }

  private static List<String> brokenPromises(List<Call> calls, int seed, Path disk)
      throws IOException {
    return new PowerLoss(calls, root, seed).brokenPromises(disk);
  }
}
