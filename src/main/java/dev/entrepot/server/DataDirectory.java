package dev.entrepot.server;

import dev.entrepot.error.StartupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The directory that one server has for itself. The lock is one of the kernel on an open file: it
 * ends with the process, however that ends, so that there is no stale one to clear away.
 */
public final class DataDirectory implements AutoCloseable {
  /** Is there while a backup is being restored to the directory. */
  static final String UNFINISHED = "unfinished-restore";

  private static final int MAX_PID_LENGTH = 20;

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes the directory when it is absent and takes it.
   *
   * @throws StartupException when it cannot be written, or another server has it
   */
  public static DataDirectory take(Path path) {
    Path directory = path.toAbsolutePath().normalize();
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      FileChannel lockFile =
          FileChannel.open(
              directory.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      @Nullable FileLock lock = lockFile.tryLock();
      if (lock == null) {
        throw taken(directory, lockFile);
      }
      write(lockFile, Long.toString(ProcessHandle.current().pid()));
      return new DataDirectory(directory, lockFile);
    } catch (IOException e) {
      throw new StartupException(
          "The data directory "
              + directory
              + " cannot be written by user "
              + System.getProperty("user.name")
              + " ("
              + e
              + "). Choose another with --data, or give this one to the user.",
          e);
    }
  }

  public Path path() {
    return path;
  }

  /**
   * Makes sure that all is there.
   *
   * @throws StartupException when a restoration of the directory was begun and not finished
   */
  public DataDirectory requireFinished() {
    if (Files.exists(path.resolve(UNFINISHED))) {
      close();
      throw new StartupException(
          "The data directory "
              + path
              + " is being restored from a backup, which was not"
              + " finished. Run ./entrepot restore again, or delete the directory.");
    }
    return this;
  }

  /** Lets go of the directory. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException _) {
      // The lock ends with the process at the latest.
    }
  }

  private static StartupException taken(Path directory, FileChannel lockFile) throws IOException {
    var content = ByteBuffer.allocate(MAX_PID_LENGTH);
    lockFile.read(content, 0);
    lockFile.close();
    String pid = new String(content.array(), 0, content.position(), StandardCharsets.UTF_8).strip();
    return new StartupException(
        "The data directory "
            + directory
            + " belongs to a running server"
            + (pid.isEmpty() ? "" : " (process " + pid + ")")
            + ". Stop that one, or choose another directory with --data.");
  }

  private static void write(FileChannel file, String content) throws IOException {
    file.truncate(0);
    file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
  }
}
