package dev.entrepot.server;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.store.BlobStores;
import dev.entrepot.transfer.EmptyDatabase;
import dev.entrepot.transfer.Rebuild;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code rebuild}: fills an empty database from the store alone. */
final class RebuildCommand {
  private RebuildCommand() {}

  static int run(Arguments arguments, EntrepotConfig settings) throws SQLException, IOException {
    arguments.end();
    return SilentServer.run(settings, database -> prepare(settings, database), Work.class);
  }

  /** The store is opened only for the database that it belongs to: this becomes that one. */
  private static void prepare(EntrepotConfig settings, ReachedDatabase database)
      throws SQLException {
    database.flyway().migrate();
    try (Connection connection = database.connect()) {
      EmptyDatabase.take(connection, BlobStores.owner(settings));
    }
  }

  /** With the services of the server. */
  public static final class Work implements QuarkusApplication {
    private final Rebuild rebuild;

    Work(Rebuild rebuild) {
      this.rebuild = rebuild;
    }

    @Override
    public int run(String... args) {
      boolean whole = rebuild.run(System.out::println).isWhole();
      System.out.println("Rebuilt. Make accounts and rights anew, and start the server on it.");
      return whole ? Command.DONE : Command.FAULTY;
    }
  }
}
