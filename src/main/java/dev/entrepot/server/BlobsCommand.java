package dev.entrepot.server;

import dev.entrepot.backup.Backup;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.store.BlobStores;
import dev.entrepot.store.ReadThroughStore;
import dev.entrepot.transfer.BlobMove;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code blobs copy}: from {@code entrepot.storage.previous} to the store, while servers serve. */
final class BlobsCommand {
  private BlobsCommand() {}

  static int run(Arguments arguments, EntrepotConfig settings) throws SQLException, IOException {
    if (!arguments.word("copy")) {
      throw new StartupException("blobs takes: copy");
    }
    arguments.end();
    try (var database = ReachedDatabase.find(settings);
        Connection connection = database.connect();
        var store = BlobStores.open(settings, Backup.identity(connection))) {
      if (!(store instanceof ReadThroughStore stores)) {
        throw new StartupException(
            "entrepot.storage.previous.type is not set: there is nowhere to copy from.");
      }
      boolean whole = new BlobMove(connection, stores, System.out::println).move();
      System.out.println(
          whole
              ? "Done: all blobs are in the store. Remove the settings entrepot.storage.previous"
                  + " from all servers."
              : "The blobs that are MISSING above are in neither store; all others are there.");
      return whole ? Command.DONE : Command.FAULTY;
    }
  }
}
