package dev.entrepot.server;

import dev.entrepot.cache.ContentFeed;
import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.task.PeriodicTasks;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Whether requests should be sent here: the database and the store have answered lately. Whoever
 * asks waits for neither; they are asked beside, so that a full pool or a slow store neither makes
 * a busy server look dead nor is asked more often by many who look.
 */
@org.eclipse.microprofile.health.Readiness
@Singleton
class Readiness implements HealthCheck {
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** An answer older than this is none. */
  private static final Duration LATELY = Duration.ofSeconds(10);

  private final ContentFeed feed;
  private final BlobStore store;
  private final StorageKey nothing =
      BlobKeys.named(Digest.ofContent(DigestAlgorithm.SHA256, new byte[0]));
  private final PeriodicTasks probe = new PeriodicTasks("readiness");
  private volatile long storeAnsweredNanos = System.nanoTime();

  Readiness(ContentFeed feed, BlobStore store) {
    this.feed = feed;
    this.store = store;
  }

  void start(@Observes StartupEvent event) {
    probe.runNowAndEvery(PERIOD, "asking the store", this::askStore);
  }

  void stop(@Observes ShutdownEvent event) {
    probe.close();
  }

  private void askStore() {
    var unused = store.stat(nothing);
    storeAnsweredNanos = System.nanoTime();
  }

  @Override
  public HealthCheckResponse call() {
    boolean database = feed.isReading(LATELY);
    boolean answers = System.nanoTime() - storeAnsweredNanos < LATELY.toNanos();
    return HealthCheckResponse.named("content")
        .withData("database", database)
        .withData("store", answers)
        .status(database && answers)
        .build();
  }
}
