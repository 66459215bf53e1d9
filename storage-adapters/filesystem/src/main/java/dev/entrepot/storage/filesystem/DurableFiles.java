package dev.entrepot.storage.filesystem;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.entrepot.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** The few things that {@link Files} does not do: private files, synced directories, errors. */
final class DurableFiles {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Set<OpenOption> NEW = Set.of(CREATE_NEW, READ, WRITE, NOFOLLOW_LINKS);
  private static final Set<OpenOption> SHARED = Set.of(CREATE, WRITE, NOFOLLOW_LINKS);

  private DurableFiles() {}

  /**
   * Opens an empty file that only this user may read, in the place of one that is there: whoever
   * has that one open writes to nothing any more.
   */
  static FileChannel create(Path file) throws IOException {
    Files.deleteIfExists(file);
    return FileChannel.open(file, NEW, PRIVATE_FILE);
  }

  /** Creates a directory and the parents it lacks, durably. */
  static void createDirectories(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null && !Files.isDirectory(directory)) {
      createDirectories(parent);
      createDirectory(directory);
      sync(parent);
    }
  }

  /** Creates a directory that only this user may enter, unless there is one. */
  static void createDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      try {
        Files.createDirectory(directory, PRIVATE_DIRECTORY);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory)) {
          throw e;
        } // another server was first
      }
    }
  }

  /** Makes the creations, renames and removals in a directory durable. */
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  /**
   * Writes a short text; others may write the same to the file at the same time. A crash in the
   * midst of it may leave a part.
   */
  static void write(Path file, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, SHARED, PRIVATE_FILE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      channel.force(false);
    }
    sync(folderOf(file));
  }

  /**
   * Puts a copy of a file in its place, durably: whoever has the old one open writes to what has no
   * name any more.
   *
   * @param copy where to make it
   * @param length bytes to copy; all when there are fewer
   */
  static void replaceByCopy(Path file, Path copy, long length) throws IOException {
    try {
      copy(file, copy, length);
      Files.move(copy, file, ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(copy);
    }
    sync(folderOf(file));
  }

  private static void copy(Path file, Path copy, long length) throws IOException {
    try (FileChannel from = FileChannel.open(file, READ, NOFOLLOW_LINKS);
        FileChannel to = create(copy)) {
      long copied = 0;
      long count = 1;
      while (copied < length && count > 0) {
        count = from.transferTo(copied, length - copied, to);
        copied += count;
      }
      to.force(true);
    }
  }

  /** Makes a file with a text, durably and all of it at once, unless there is one. */
  static void createOnce(Path file, String text) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    try {
      write(written, text);
      link(file, written);
    } catch (FileAlreadyExistsException e) {
      // Another server was first.
    } finally {
      Files.deleteIfExists(written);
    }
    sync(folderOf(file));
  }

  /** Where there are no links, the last of several who do this at once is the first. */
  private static void link(Path file, Path written) throws IOException {
    try {
      Files.createLink(file, written);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      Files.move(written, file, ATOMIC_MOVE);
    }
  }

  static Path folderOf(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  /** Closes where an error says nothing: what must last has been synced, and that was checked. */
  static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing depends on it.
    }
  }

  /** The error that a store reports, with the reason that the operating system gave. */
  static StorageException.Unavailable unavailable(String what, IOException cause) {
    String reason = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
    return new StorageException.Unavailable(
        what + ": " + Objects.requireNonNullElseGet(reason, cause::toString), cause);
  }
}
