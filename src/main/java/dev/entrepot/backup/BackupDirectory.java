package dev.entrepot.backup;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.StorageKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of backups of one database.
 *
 * <pre>
 * entrepot-backup                  the identity of the database; says what the directory is
 * store/blobs/…                    bytes, by their storage keys; all snapshots share them
 * snapshots/&lt;time&gt;/snapshot.json   written last
 * snapshots/&lt;time&gt;/blobs.gz        which blobs the snapshot names
 * snapshots/&lt;time&gt;/tables/…        rows, as COPY writes them
 * </pre>
 */
final class BackupDirectory implements AutoCloseable {
  private static final String MARKER = "entrepot-backup";
  private static final String UNFINISHED = ".unfinished";
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path directory;
  private final FileChannel lock;

  private BackupDirectory(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * The directory for backups of this database, to write one. It is made when it is absent.
   *
   * @throws StartupException when it holds something else, or is being used
   */
  static BackupDirectory forWriting(Path directory, UUID identity) throws IOException {
    Path marker = directory.resolve(MARKER);
    if (!Files.exists(marker)) {
      if (Files.exists(directory) && !isEmpty(directory)) {
        throw new StartupException(
            directory + " is neither empty nor a directory of backups. Choose another with --to.");
      }
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      writeDurably(marker, identity + "\n");
    }
    String found = Files.readString(marker).strip();
    if (!found.equals(identity.toString())) {
      throw new StartupException(
          "The backups in "
              + directory
              + " are of another database ("
              + found
              + ", not "
              + identity
              + "). Choose another directory with --to.");
    }
    return new BackupDirectory(directory, lock(directory, false));
  }

  /**
   * A directory of backups, to read.
   *
   * @throws StartupException when it is none, or a backup is being written
   */
  static BackupDirectory forReading(Path directory) throws IOException {
    if (!Files.exists(directory.resolve(MARKER))) {
      throw new StartupException(directory + " is no directory of backups.");
    }
    return new BackupDirectory(directory, lock(directory, true));
  }

  private static FileChannel lock(Path directory, boolean shared) throws IOException {
    FileChannel file =
        FileChannel.open(
            directory.resolve(MARKER), shared ? StandardOpenOption.READ : StandardOpenOption.WRITE);
    if (file.tryLock(0, Long.MAX_VALUE, shared) == null) {
      file.close();
      throw new StartupException("Another process is using the backups in " + directory + ".");
    }
    return file;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }

  /** The directory of a store with the bytes. */
  Path store() {
    return directory.resolve("store");
  }

  Path blob(StorageKey key) {
    return store().resolve(key.value());
  }

  static Path blobs(Path snapshot) {
    return snapshot.resolve("blobs.gz");
  }

  static Path table(Path snapshot, String table) {
    return snapshot.resolve("tables").resolve(table + ".gz");
  }

  /** A directory for a new snapshot, which does not count before {@link #finish}. */
  Path begin(String name) throws IOException {
    Path snapshots = Files.createDirectories(directory.resolve("snapshots"));
    try (DirectoryStream<Path> left = Files.newDirectoryStream(snapshots, "*" + UNFINISHED)) {
      for (Path unfinished : left) {
        delete(unfinished);
      }
    }
    Path begun = snapshots.resolve(name + UNFINISHED);
    Files.createDirectories(begun.resolve("tables"));
    return begun;
  }

  /** Makes it one that counts, durably; all other files in it are durable already. */
  void finish(Path begun, Snapshot snapshot) throws IOException {
    writeDurably(
        begun.resolve("snapshot.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(snapshot) + "\n");
    sync(begun.resolve("tables"));
    String name = begun.getFileName().toString();
    Path finished = begun.resolveSibling(name.substring(0, name.length() - UNFINISHED.length()));
    Files.move(begun, finished, StandardCopyOption.ATOMIC_MOVE);
    sync(directory.resolve("snapshots"));
    sync(directory);
  }

  /** Those that count, the newest first. */
  List<Path> list() throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.exists(directory.resolve("snapshots"))) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(directory.resolve("snapshots"))) {
        for (Path snapshot : all) {
          if (Files.exists(snapshot.resolve("snapshot.json")) && !isUnfinished(snapshot)) {
            found.add(snapshot);
          }
        }
      }
    }
    found.sort(Collections.reverseOrder());
    return found;
  }

  private static boolean isUnfinished(Path snapshot) {
    return snapshot.getFileName().toString().endsWith(UNFINISHED);
  }

  /**
   * One that counts.
   *
   * @param name null for the newest
   */
  Path choose(@Nullable String name) throws IOException {
    List<Path> all = list();
    if (all.isEmpty()) {
      throw new StartupException("There is no finished backup in " + directory + ".");
    }
    return all.stream()
        .filter(snapshot -> name == null || snapshot.getFileName().toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new StartupException(
                    "There is no snapshot "
                        + name
                        + ". There are: "
                        + String.join(
                            ", ", all.stream().map(s -> s.getFileName().toString()).toList())));
  }

  /**
   * What a snapshot says.
   *
   * @throws StartupException when a newer program wrote it
   */
  static Snapshot read(Path snapshot) throws IOException {
    Snapshot read = JSON.readValue(snapshot.resolve("snapshot.json").toFile(), Snapshot.class);
    if (read.format() > Snapshot.FORMAT) {
      throw new StartupException(
          "The backup was written by a newer version of this program. Use that one, or a newer.");
    }
    return read;
  }

  static void delete(Path snapshot) throws IOException {
    // Without its description it does not count, should this end half-way.
    Files.deleteIfExists(snapshot.resolve("snapshot.json"));
    try (Stream<Path> tree = Files.walk(snapshot)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void writeDurably(Path file, String text) throws IOException {
    Files.writeString(file, text);
    try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    sync(file.toAbsolutePath().getParent());
  }

  private static void sync(@Nullable Path folder) throws IOException {
    if (folder != null) {
      try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
        opened.force(true);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
