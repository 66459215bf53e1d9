package dev.entrepot.server;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.FrameworkSettings;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** The server with all its services and without a socket, for commands that work by its rules. */
final class SilentServer {
  /** Beside those of a server that runs; its own PostgreSQL has room for so many more. */
  private static final int CONNECTIONS = 6;

  private SilentServer() {}

  /** What is to be done to the database before there are services. */
  interface Preparation {
    void run(ReachedDatabase database) throws SQLException;
  }

  /** The exit status of the work. */
  static int run(
      EntrepotConfig settings,
      Preparation preparation,
      Class<? extends QuarkusApplication> work,
      String... arguments)
      throws IOException, SQLException {
    try (var database = ReachedDatabase.findOrMake(settings)) {
      preparation.run(database);
      FrameworkSettings.of(settings).forEach(System::setProperty);
      database.use(settings);
      System.setProperty("quarkus.datasource.jdbc.max-size", Integer.toString(CONNECTIONS));
      System.setProperty("quarkus.http.host-enabled", "false");
      var status = new AtomicInteger(Command.UNABLE);
      Quarkus.run(
          work,
          (code, failure) -> {
            status.set(failure == null ? code : Command.UNABLE);
            if (failure != null) {
              FailureReport.print(failure);
            }
          },
          arguments);
      return status.get();
    }
  }
}
