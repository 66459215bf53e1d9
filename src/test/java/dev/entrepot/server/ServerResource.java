package dev.entrepot.server;

import dev.entrepot.database.embedded.EmbeddedPostgres;
import dev.entrepot.database.embedded.EmbeddedPostgresOptions;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the main method prepares for the server, for tests that start it without: see Main. */
public class ServerResource implements QuarkusTestResourceLifecycleManager {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private EmbeddedPostgres postgres;

  @Override
  public Map<String, String> start() {
    try {
      Path data = Files.createTempDirectory(TARGET, "server-");
      postgres =
          EmbeddedPostgres.start(
              EmbeddedPostgresOptions.in(data.resolve("postgres"))
                  .withBinaries(TARGET.resolve("postgres-programs")));
      var settings = new HashMap<String, String>();
      settings.put("entrepot.data-dir", data.toString());
      settings.put("quarkus.datasource.jdbc.url", postgres.jdbcUrl());
      settings.put("quarkus.datasource.username", postgres.username());
      settings.put("quarkus.datasource.password", postgres.password());
      settings.put("quarkus.http.test-port", "0");
      settings.put("quarkus.http.test-ssl-port", "0");
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    if (postgres != null) {
      postgres.close();
    }
  }
}
