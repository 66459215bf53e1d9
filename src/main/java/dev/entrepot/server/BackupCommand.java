package dev.entrepot.server;

import dev.entrepot.backup.Backup;
import dev.entrepot.backup.BackupCheck;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.store.BlobStores;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code backup --to DIR} and {@code backup verify --from DIR}: of the server that runs, or of the
 * data directory when none does.
 */
final class BackupCommand {
  private static final int KEEP = 7;

  private BackupCommand() {}

  static int run(Arguments arguments, EntrepotConfig settings) throws SQLException, IOException {
    return arguments.word("verify") ? verify(arguments) : write(arguments, settings);
  }

  private static int write(Arguments arguments, EntrepotConfig settings)
      throws SQLException, IOException {
    Path to = arguments.directory("--to");
    boolean linking = !arguments.flag("--copy");
    int keep = arguments.option("--keep").map(BackupCommand::count).orElse(KEEP);
    arguments.end();
    if (to.startsWith(settings.dataDir().toAbsolutePath().normalize())) {
      throw new StartupException(
          "A backup in the data directory would be lost with it. Choose another with --to.");
    }
    try (var database = ReachedDatabase.find(settings);
        var store = BlobStores.open(settings, identity(database))) {
      boolean whole =
          new Backup(database::connect, store, System.out::println).write(to, linking, keep);
      if (!whole) {
        System.out.println("The backup is finished, without the bytes that are MISSING above.");
      }
      return whole ? Command.DONE : Command.FAULTY;
    }
  }

  private static UUID identity(ReachedDatabase database) throws SQLException {
    try (Connection connection = database.connect()) {
      return Backup.identity(connection);
    }
  }

  private static int verify(Arguments arguments) throws IOException {
    Path from = arguments.directory("--from");
    Optional<String> snapshot = arguments.option("--snapshot");
    arguments.end();
    boolean sound = new BackupCheck(from, System.out::println).isSound(snapshot.orElse(null));
    System.out.println(sound ? "The backup is sound." : "The backup is NOT sound.");
    return sound ? Command.DONE : Command.FAULTY;
  }

  private static int count(String text) {
    try {
      int count = Integer.parseInt(text);
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new StartupException("--keep takes a number of snapshots, 1 or more");
  }
}
