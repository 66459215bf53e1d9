package dev.entrepot.storage.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Real errors of the operating system, in a Java of its own whose limits are set from outside. */
class FailingDiskTest {
  @TempDir Path directory;

  @Test
  void uploadThatIsLargerThanAFileMayBeFailsAndLeavesNothing() throws Exception {
    var result =
        runAfter("ulimit -f 3000", UploadsOnAFailingDisk.class, directory, "File too large");
    assertEquals(0, result.exitCode(), result::output);
  }

  @Test
  void lackOfDescriptorsIsSurvived() throws Exception {
    var result = runAfter("ulimit -n 60", UploadsWithoutDescriptors.class, directory);
    assertEquals(0, result.exitCode(), result::output);
  }

  @Test
  @EnabledIf("mayMount")
  void uploadThatFillsTheDiskFailsAndLeavesNothing() throws Exception {
    String small = "mount -t tmpfs -o size=4m tmpfs " + directory;
    var result =
        runAfterMount(small, UploadsOnAFailingDisk.class, directory, "No space left on device");
    assertEquals(0, result.exitCode(), result::output);
  }

  @Test
  @EnabledIf("mayMount")
  void uploadsOnAnotherFileSystemThanBlobsAreRejected() throws Exception {
    Path uploads = Files.createDirectories(directory.resolve("uploads"));
    var result = runAfterMount("mount -t tmpfs tmpfs " + uploads, OneUpload.class, directory);
    assertNotEquals(0, result.exitCode());
    assertTrue(result.output().contains("are on two file systems"), result::output);
  }

  @Test
  @EnabledIf("mayMount")
  void directoryOnAReadOnlyFileSystemIsRejected() throws Exception {
    FilesystemBlobStore.open(directory).close();
    String readOnly = "mount --bind %1$s %1$s && mount -o remount,ro,bind %1$s";
    var result = runAfterMount(readOnly.formatted(directory), OneUpload.class, directory);
    assertNotEquals(0, result.exitCode());
    assertTrue(result.output().contains(directory + " is not writable"), result::output);
  }

  static boolean mayMount() {
    return ChildJvm.works(
        "tests with file systems of their own",
        "unshare",
        "-Urm",
        "mount",
        "-t",
        "tmpfs",
        "tmpfs",
        "/tmp");
  }

  /** What is mounted only the program sees. */
  private static ChildJvm.Result runAfterMount(String mount, Class<?> main, Object... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "-Urm"));
    command.addAll(after(mount, main, arguments));
    return ChildJvm.run(command);
  }

  private static ChildJvm.Result runAfter(String limit, Class<?> main, Object... arguments)
      throws Exception {
    return ChildJvm.run(after(limit, main, arguments));
  }

  private static List<String> after(String preparation, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("bash", "-c", preparation + " && exec \"$@\"", "bash"));
    command.addAll(ChildJvm.command(main, arguments));
    return command;
  }
}
