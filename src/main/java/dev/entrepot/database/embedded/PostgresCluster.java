package dev.entrepot.database.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The files of one embedded PostgreSQL: data directory, password, log. */
final class PostgresCluster {
  static final String USERNAME = "entrepot";
  static final String DATABASE = "entrepot";

  private final Path directory;
  private final Path data;
  private final Path passwordFile;

  PostgresCluster(Path directory) {
    this.directory = directory;
    this.data = directory.resolve("data");
    this.passwordFile = directory.resolve("password");
  }

  Path data() {
    return data;
  }

  Path logFile() {
    return directory.resolve("postgres.log");
  }

  /** Makes the directory, which nobody else may look into. */
  void createDirectory() throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  String password() throws IOException {
    return Files.readString(passwordFile, StandardCharsets.UTF_8).strip();
  }

  /**
   * Makes the data directory and its password on the first start, checks and adopts them on later
   * ones. A kill at any moment leaves nothing, or all of it.
   */
  void prepare(PostgresPrograms programs, Duration stopTimeout) throws IOException {
    if (Files.exists(data)) {
      checkVersion();
      stopOrphan(programs, stopTimeout);
      programs.user().own(data);
    } else {
      initialise(programs);
    }
    if (!Files.exists(passwordFile)) {
      replacePassword(programs);
    }
  }

  private void stopOrphan(PostgresPrograms programs, Duration timeout) throws IOException {
    var postmaster = new PostmasterFile(data);
    Optional<ProcessHandle> orphan = postmaster.running();
    if (orphan.isPresent()) {
      ProcessHandle process = orphan.get();
      programs.stop(process.pid(), () -> !postmaster.isOurs(process), timeout);
    }
    postmaster.removeIfStale();
  }

  private void initialise(PostgresPrograms programs) throws IOException {
    removeLeftovers();
    if (!Files.exists(passwordFile)) {
      DurableFiles.writeSecret(passwordFile, newPassword());
    }
    // Never the same name twice: an initdb of a server that was killed may still be writing.
    Path staging =
        directory.resolve(
            "initdb-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    Path passwordCopy = staging.resolveSibling(staging.getFileName() + ".password");
    Files.createDirectory(
        staging,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    DurableFiles.writeSecret(passwordCopy, password());
    programs.user().own(staging);
    programs.user().own(passwordCopy);
    programs.run(
        "",
        "initdb",
        "--pgdata=" + staging,
        "--username=" + USERNAME,
        "--pwfile=" + passwordCopy,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-instructions");
    Files.delete(passwordCopy);
    Files.move(staging, data, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncDirectory(directory);
  }

  /** Somebody deleted the file: who may write to the data directory may also set a new password. */
  private void replacePassword(PostgresPrograms programs) throws IOException {
    String password = newPassword();
    programs.run(
        "ALTER ROLE " + USERNAME + " PASSWORD '" + password + "';\n",
        "postgres",
        "--single",
        "-j",
        "-D",
        data.toString(),
        "postgres");
    DurableFiles.writeSecret(passwordFile, password);
  }

  private void checkVersion() throws IOException {
    Path versionFile = data.resolve("PG_VERSION");
    if (!Files.exists(versionFile)) {
      throw new EmbeddedPostgresException(
          data + " is not a PostgreSQL data directory. Move it away, or choose another --data.");
    }
    String found = Files.readString(versionFile, StandardCharsets.UTF_8).strip();
    if (!found.equals(PostgresBinaries.majorVersion())) {
      throw new EmbeddedPostgresException(
          data
              + " was written by PostgreSQL "
              + found
              + ", and this server brings PostgreSQL "
              + PostgresBinaries.majorVersion()
              + ", which cannot read it. Run the Entrepot release that wrote it, or choose another"
              + " --data.");
    }
  }

  private void removeLeftovers() throws IOException {
    List<Path> leftovers;
    try (Stream<Path> children = Files.list(directory)) {
      leftovers =
          children.filter(path -> path.getFileName().toString().startsWith("initdb-")).toList();
    }
    for (Path leftover : leftovers) {
      try {
        DurableFiles.deleteTree(leftover);
      } catch (IOException _) {
        // Still being written by the initdb of a killed server: the next start has another go.
      }
    }
  }

  private static String newPassword() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
