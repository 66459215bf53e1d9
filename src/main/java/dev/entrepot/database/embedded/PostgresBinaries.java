package dev.entrepot.database.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Properties;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once per version from the archive on the class path. */
final class PostgresBinaries {
  /** The version of the programs, for example {@code 18.6.0}. */
  static final String VERSION = version();

  private PostgresBinaries() {}

  /** The major version, which must agree with that of the cluster's files. */
  static String majorVersion() {
    return VERSION.substring(0, VERSION.indexOf('.'));
  }

  /**
   * The folder that holds {@code bin}, {@code lib} and {@code share}. Unpacked beside its place,
   * synced and moved there in one step: a folder that exists is whole, whatever was killed when.
   */
  static synchronized Path unpackTo(Path parent) {
    Path home = parent.resolve(VERSION);
    if (Files.isDirectory(home)) {
      return home;
    }
    try {
      Files.createDirectories(parent);
      try (var lockFile =
              FileChannel.open(
                  parent.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = lockFile.lock()) {
        if (!Files.isDirectory(home)) {
          unpackArchive(parent, home);
        }
      }
      return home;
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "PostgreSQL's programs could not be unpacked to " + parent + ": " + e, e);
    }
  }

  private static void unpackArchive(Path parent, Path home) throws IOException {
    String archive = archiveName();
    try (InputStream packed = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
      if (packed == null) {
        throw new EmbeddedPostgresException(
            "This build brings no PostgreSQL for this platform ("
                + archive
                + " is not on the class path). Point entrepot.database.url at an external one.");
      }
      Path staging = parent.resolve("unpacking");
      DurableFiles.deleteTree(staging);
      Files.createDirectory(staging);
      unpack(packed, staging);
      Files.move(staging, home, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncDirectory(parent);
    }
  }

  private static void unpack(InputStream packed, Path target) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (isNeeded(entry.getName())) {
          write(entry, tar, target.resolve(entry.getName()).normalize());
        }
      }
    }
  }

  /** Static libraries and build files are a fifth of the archive and serve nobody here. */
  private static boolean isNeeded(String name) {
    return !name.endsWith(".a") && !name.contains("/pkgconfig") && !name.contains("/pgxs");
  }

  private static void write(TarArchiveEntry entry, InputStream content, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, path);
    try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.force(true);
    }
    boolean executable = (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  private static String archiveName() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String platform = os.startsWith("mac") ? "darwin" : "linux";
    String machine =
        switch (arch) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> arch;
        };
    return "postgres-" + platform + "-" + machine + ".txz";
  }

  private static String version() {
    var properties = new Properties();
    try (@Nullable InputStream file =
        PostgresBinaries.class.getResourceAsStream("embedded-postgres.properties")) {
      if (file == null) {
        throw new IllegalStateException("embedded-postgres.properties is missing from the build");
      }
      properties.load(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return properties.getProperty("version");
  }
}
