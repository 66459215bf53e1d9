package dev.entrepot;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.FrameworkSettings;
import dev.entrepot.config.Settings;
import dev.entrepot.server.Commands;
import dev.entrepot.server.DataDirectory;
import dev.entrepot.server.FailureReport;
import dev.entrepot.server.Framework;
import dev.entrepot.server.ReachedDatabase;
import dev.entrepot.server.Serving;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

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
        try (var database = ReachedDatabase.own(settings, directory)) {
          database.use(settings);
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

  private void awaitEnd() {
    stopping = true;
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
