package dev.entrepot;

import dev.entrepot.config.DatabaseConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.FrameworkSettings;
import dev.entrepot.config.Settings;
import dev.entrepot.database.embedded.EmbeddedPostgres;
import dev.entrepot.server.Commands;
import dev.entrepot.server.DataDirectory;
import dev.entrepot.server.FailureReport;
import dev.entrepot.server.Framework;
import dev.entrepot.server.OwnDatabase;
import dev.entrepot.server.Serving;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the server: settings, data directory, database, then the framework; and ends it in the
 * opposite order. The database is a child process that has to outlive the framework, so it is
 * stopped here, on the main thread, and the end of the JVM waits for that.
 */
@QuarkusMain
public final class Main {
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean stopping;

  private Main() {}

  public static void main(String[] args) {
    System.exit(
        args.length == 0
            ? new Main().run()
            : Commands.run(args[0], List.of(args).subList(1, args.length)));
  }

  private int run() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEnd, "await-end"));
    try {
      EntrepotConfig settings = Settings.load();
      FrameworkSettings.of(settings).forEach(System::setProperty);
      try (var directory = DataDirectory.take(settings.dataDir()).requireFinished()) {
        CompletableFuture<Void> framework = Framework.prepare();
        try (var postgres = openDatabase(settings.database(), directory.path())) {
          framework.join();
          return stopping ? 0 : serve();
        }
      }
    } catch (RuntimeException e) {
      FailureReport.print(e);
      return 1;
    } finally {
      finished.countDown();
    }
  }

  private int serve() {
    var status = new AtomicInteger();
    Quarkus.run(
        Serving.class,
        (code, failure) -> {
          status.set(code);
          if (failure != null && !stopping) {
            FailureReport.print(failure);
          }
        });
    return status.get();
  }

  /** Starts the server's own PostgreSQL, unless there is an external one. */
  private static @Nullable EmbeddedPostgres openDatabase(DatabaseConfig settings, Path directory) {
    if (settings.url().isPresent()) {
      use(
          settings,
          settings.url().get(),
          settings.username().orElse(""),
          settings.password().orElse(""));
      return null;
    }
    EmbeddedPostgres postgres = OwnDatabase.start(settings, directory);
    use(settings, postgres.jdbcUrl(), postgres.username(), postgres.password());
    return postgres;
  }

  private static void use(DatabaseConfig settings, String url, String username, String password) {
    FrameworkSettings.of(settings, url, username, password).forEach(System::setProperty);
  }

  private void awaitEnd() {
    stopping = true;
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
