package dev.entrepot.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.clients.Program;
import dev.entrepot.conformance.support.Directories;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** An ext4 file system of its own, in a file, whose power can be cut. It needs root. */
final class Volume implements AutoCloseable {
  private static final long SIZE = 4L << 30;
  private static final Path MEMORY = Path.of("/dev/shm");
  // The journal is committed by nothing but a sync, and a rename flushes no data on its own
  // account:
  // whatever the server does not sync is lost.
  private static final String OPTIONS = "loop,commit=600,noauto_da_alloc";
  private static final int CANARY_BYTES = 5000;

  private final Path directory;
  private final Path image;
  private final Path mountPoint;
  private final Program mount = Program.require("mount");
  private final Program umount = Program.require("umount");
  private volatile boolean mounted;

  private Volume(Path directory) throws IOException {
    this.directory = directory;
    this.image = directory.resolve("image");
    this.mountPoint = Files.createDirectory(directory.resolve("data"));
  }

  /** Makes and mounts an empty volume; skips the test where that is not possible. */
  static Volume create() {
    Program mkfs = Program.require("mkfs.ext4");
    if (!System.getProperty("user.name").equals("root")) {
      return Program.skip("mounting a volume for a power loss needs root");
    }
    try {
      Path parent =
          Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > SIZE
              ? MEMORY
              : Path.of(System.getProperty("java.io.tmpdir"));
      Volume volume = new Volume(Files.createTempDirectory(parent, "volume-"));
      Runtime.getRuntime().addShutdownHook(new Thread(volume::detach));
      try (RandomAccessFile file = new RandomAccessFile(volume.image.toFile(), "rw")) {
        file.setLength(SIZE);
      }
      mkfs.run("-q", "-F", volume.image.toString());
      Program.Output output = volume.tryMount();
      if (output.exit() != 0) {
        volume.close();
        return Program.skip("cannot mount a loop device: " + output.err().strip());
      }
      return volume;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The root of the file system. */
  Path root() {
    return mountPoint;
  }

  /**
   * The power is gone: nothing is written any more and nothing can be read. Whoever has files open
   * here must be ended before {@link #restorePower}.
   */
  void cutPower() {
    writeCanaries();
    FilesystemShutdown.of(mountPoint);
  }

  /**
   * Mounts again, which replays the journal.
   *
   * @return whether what was written last and not synced is gone, as it nearly always is: the
   *     kernel writes what it likes at any time, and does so early when others keep the disk busy
   */
  boolean restorePower() {
    unmount();
    Program.Output output = tryMount();
    assertThat(output.exit()).as(output.err()).isZero();
    return isUnsyncedCanaryLost();
  }

  @Override
  public void close() {
    if (mounted) {
      unmount();
    }
    Directories.deleteRecursively(directory);
  }

  /** For a test run that is interrupted: the mount goes when its last user has ended. */
  private void detach() {
    if (mounted) {
      umount.attempt("--lazy", mountPoint.toString());
      Directories.deleteRecursively(image);
    }
  }

  private Program.Output tryMount() {
    Program.Output output = mount.attempt("-o", OPTIONS, image.toString(), mountPoint.toString());
    mounted = output.exit() == 0;
    return output;
  }

  /** Waits until the last user has ended. */
  private void unmount() {
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> umount.attempt(mountPoint.toString()).exit() == 0);
    mounted = false;
  }

  private void writeCanaries() {
    try {
      Path synced = mountPoint.resolve("canary-synced");
      Files.deleteIfExists(mountPoint.resolve("canary-unsynced"));
      try (FileChannel file =
              FileChannel.open(synced, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileChannel folder = FileChannel.open(mountPoint, StandardOpenOption.READ)) {
        file.write(ByteBuffer.allocate(CANARY_BYTES));
        file.force(true);
        folder.force(true);
      }
      Files.write(mountPoint.resolve("canary-unsynced"), new byte[CANARY_BYTES]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isUnsyncedCanaryLost() {
    try {
      assertThat(mountPoint.resolve("canary-synced")).hasSize(CANARY_BYTES);
      // Its name may have come with somebody else's sync; its bytes have not.
      Path unsynced = mountPoint.resolve("canary-unsynced");
      return !Files.exists(unsynced) || Files.size(unsynced) == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
