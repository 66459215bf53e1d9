package dev.entrepot.server;

import dev.entrepot.backup.Restoration;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.store.BlobStores;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** {@code restore --from DIR}: into an empty data directory, or an empty database and store. */
final class RestoreCommand {
  private static final Set<String> OWN = Set.of("lock", DataDirectory.UNFINISHED);

  private RestoreCommand() {}

  static int run(Arguments arguments, EntrepotConfig settings) throws SQLException, IOException {
    Path from = arguments.directory("--from");
    Optional<String> name = arguments.option("--snapshot");
    arguments.end();
    try (var restoration = Restoration.open(from, name.orElse(null), System.out::println);
        var directory = DataDirectory.take(settings.dataDir())) {
      Path unfinished = begin(directory.path());
      try (var store = BlobStores.open(settings, restoration.identity())) {
        restoration.restoreBlobs(store);
      }
      try (var database = ReachedDatabase.own(settings, directory)) {
        restoration.restoreRows(database::connect, database.flyway());
      }
      Files.delete(unfinished);
    }
    System.out.println("Restored. Start the server on it.");
    return Command.DONE;
  }

  /** Marks the directory until all is there: no server starts on a part. */
  private static Path begin(Path directory) throws IOException {
    Path unfinished = directory.resolve(DataDirectory.UNFINISHED);
    if (!Files.exists(unfinished)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          if (!OWN.contains(entry.getFileName().toString())) {
            throw new StartupException(
                directory + " is not empty. Choose another with --data, or empty it.");
          }
        }
      }
      Files.createFile(unfinished);
    }
    return unfinished;
  }
}
