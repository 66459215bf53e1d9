package dev.entrepot.server;

import dev.entrepot.config.DatabaseConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.FrameworkSettings;
import dev.entrepot.database.embedded.EmbeddedPostgres;
import dev.entrepot.database.embedded.RunningPostgres;
import dev.entrepot.error.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.flywaydb.core.Flyway;

/**
 * The database of the settings: an external one, that of the server that runs, or that of the data
 * directory, which is started for as long as it is needed.
 */
public final class ReachedDatabase implements AutoCloseable {
  private final String url;
  private final String username;
  private final String password;
  private final Runnable end;

  private ReachedDatabase(String url, String username, String password, Runnable end) {
    this.url = url;
    this.username = username;
    this.password = password;
    this.end = end;
  }

  /**
   * The database that is there.
   *
   * @throws StartupException when there is none
   */
  static ReachedDatabase find(EntrepotConfig settings) throws IOException {
    Optional<ReachedDatabase> external = external(settings.database());
    if (external.isPresent()) {
      return external.get();
    }
    Path home = settings.dataDir().resolve("postgres");
    if (!Files.exists(home)) {
      throw new StartupException("There is no database in " + settings.dataDir() + ".");
    }
    Optional<RunningPostgres> running = RunningPostgres.find(home);
    if (running.isPresent()) {
      RunningPostgres found = running.get();
      return new ReachedDatabase(found.jdbcUrl(), found.username(), found.password(), () -> {});
    }
    return startTaken(settings);
  }

  private static ReachedDatabase startTaken(EntrepotConfig settings) {
    DataDirectory directory = DataDirectory.take(settings.dataDir()).requireFinished();
    try {
      return start(settings.database(), directory, directory::close);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** The database that is there, or a new one in the data directory. */
  static ReachedDatabase findOrMake(EntrepotConfig settings) throws IOException {
    if (settings.database().url().isPresent()
        || Files.exists(settings.dataDir().resolve("postgres"))) {
      return find(settings);
    }
    return startTaken(settings);
  }

  /** The database of a directory that this process has taken; it is made when there is none. */
  public static ReachedDatabase own(EntrepotConfig settings, DataDirectory directory) {
    return external(settings.database())
        .orElseGet(() -> start(settings.database(), directory, () -> {}));
  }

  private static ReachedDatabase start(
      DatabaseConfig settings, DataDirectory directory, Runnable afterwards) {
    EmbeddedPostgres postgres = OwnDatabase.start(settings, directory.path());
    return new ReachedDatabase(
        postgres.jdbcUrl(),
        postgres.username(),
        postgres.password(),
        () -> {
          postgres.close();
          afterwards.run();
        });
  }

  private static Optional<ReachedDatabase> external(DatabaseConfig settings) {
    return settings
        .url()
        .map(
            url ->
                new ReachedDatabase(
                    url, settings.username().orElse(""), settings.password().orElse(""), () -> {}));
  }

  /** The migrations of this program, for this database. */
  Flyway flyway() {
    return Flyway.configure().dataSource(url, username, password).load();
  }

  /** Has the framework use it when it runs. */
  public void use(EntrepotConfig settings) {
    FrameworkSettings.of(settings.database(), url, username, password).forEach(System::setProperty);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, username, password);
  }

  @Override
  public void close() {
    end.run();
  }
}
