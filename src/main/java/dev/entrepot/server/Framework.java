package dev.entrepot.server;

import io.quarkus.runtime.Application;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** The framework before it runs. */
public final class Framework {
  private Framework() {}

  /**
   * Begins to set up what of the framework needs no database: its static initialisation. Running
   * the framework later finds that done.
   *
   * @return fails with what the initialisation failed with
   */
  public static CompletableFuture<Void> prepare() {
    // Set up by two threads at once, the log manager's classes wait for each other for ever.
    Logger.getLogger(Framework.class).isDebugEnabled();
    return CompletableFuture.runAsync(
        () -> {
          try {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            Class.forName(Application.APP_CLASS_NAME, true, loader);
          } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the application was not built by the framework", e);
          }
        },
        task -> Thread.ofPlatform().daemon().name("framework").start(task));
  }
}
