package dev.entrepot.database;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.embedded.EmbeddedPostgres;
import dev.entrepot.database.embedded.EmbeddedPostgresOptions;
import dev.entrepot.event.ContentEvents;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * A migrated database of its own for a test class, in one embedded PostgreSQL that all tests of the
 * process share.
 */
public final class TestDatabase implements AutoCloseable {
  private static final String TEMPLATE = "migrated";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static @Nullable EmbeddedPostgres postgres;

  private final String name;
  private final AgroalDataSource dataSource;

  private TestDatabase(String name, AgroalDataSource dataSource) {
    this.name = name;
    this.dataSource = dataSource;
  }

  /** A new database, with a pool of 16 connections. */
  public static TestDatabase open() {
    return open(16);
  }

  /** A new database, with a pool of so many connections. */
  public static TestDatabase open(int connections) {
    return open(connections, " TEMPLATE " + TEMPLATE);
  }

  /** A new database without tables. */
  public static TestDatabase openEmpty() {
    return open(16, "");
  }

  private static TestDatabase open(int connections, String template) {
    EmbeddedPostgres server = server();
    String name = "test_" + COUNT.incrementAndGet();
    try {
      execute(server, "CREATE DATABASE " + name + template);
      return new TestDatabase(name, pool(server, name, connections));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * From here on a deadlock takes longer than any test: where one happens, the test fails by its
   * timeout, instead of passing slowly because the database has broken it.
   */
  public TestDatabase withoutDeadlockDetection() {
    database()
        .read(c -> Sql.update(c, "ALTER DATABASE " + name + " SET deadlock_timeout = '10min'"));
    dataSource.flush(AgroalDataSource.FlushMode.GRACEFUL);
    return this;
  }

  /** From here on; the pool's connections must have been made. */
  void waitForAConnectionAtMost(Duration timeout) {
    dataSource.getConfiguration().connectionPoolConfiguration().setAcquisitionTimeout(timeout);
  }

  /** The pool. */
  public AgroalDataSource dataSource() {
    return dataSource;
  }

  /** As the product uses it. */
  public Database database() {
    return on(dataSource);
  }

  /** As the product uses another source of connections. */
  public static Database on(DataSource dataSource) {
    return new Database(dataSource, new ContentEvents(List.of()), TestConfig.defaults());
  }

  @Override
  public void close() {
    dataSource.close();
  }

  private static synchronized EmbeddedPostgres server() {
    if (postgres == null) {
      try {
        Path directory = Files.createTempDirectory("entrepot-test");
        EmbeddedPostgres started =
            EmbeddedPostgres.start(
                EmbeddedPostgresOptions.in(directory.resolve("postgres"))
                    .withBinaries(Path.of("target/postgres-programs").toAbsolutePath()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started, directory)));
        execute(started, "CREATE DATABASE " + TEMPLATE);
        Flyway.configure()
            .dataSource(url(started, TEMPLATE), started.username(), started.password())
            .load()
            .migrate();
        postgres = started;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return postgres;
  }

  private static void stop(EmbeddedPostgres server, Path directory) {
    server.close();
    try (var files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AgroalDataSource pool(EmbeddedPostgres server, String name, int connections)
      throws SQLException {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(connections)
                        .acquisitionTimeout(Duration.ofMinutes(1))
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .connectionFactoryConfiguration(
                            factory ->
                                factory
                                    .jdbcUrl(url(server, name))
                                    .principal(new NamePrincipal(server.username()))
                                    .credential(new SimplePassword(server.password())))));
  }

  private static String url(EmbeddedPostgres server, String name) {
    String url = server.jdbcUrl();
    int end = url.indexOf('?') < 0 ? url.length() : url.indexOf('?');
    return url.substring(0, url.lastIndexOf('/', end) + 1) + name + url.substring(end);
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
