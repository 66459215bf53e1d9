package dev.entrepot.server;

import dev.entrepot.config.DatabaseConfig;
import dev.entrepot.config.EmbeddedDatabaseConfig;
import dev.entrepot.database.embedded.EmbeddedPostgres;
import dev.entrepot.database.embedded.EmbeddedPostgresOptions;
import java.nio.file.Path;

/** Starts the PostgreSQL of a data directory as the settings say. */
public final class OwnDatabase {
  /** Connections beside the pool: the check at start, and a hand at the prompt. */
  private static final int SPARE_CONNECTIONS = 10;

  private OwnDatabase() {}

  /** Of a directory that this process has taken. */
  public static EmbeddedPostgres start(DatabaseConfig settings, Path directory) {
    EmbeddedDatabaseConfig embedded = settings.embedded();
    Path home = directory.resolve("postgres");
    return EmbeddedPostgres.start(
        new EmbeddedPostgresOptions(
            home,
            home.resolve("programs"),
            embedded.startTimeout(),
            embedded.stopTimeout(),
            embedded.sharedBuffers().asLongValue() / 1024 + "kB",
            settings.poolSize() + SPARE_CONNECTIONS));
  }
}
