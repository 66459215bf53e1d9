package dev.entrepot.upload;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.task.PeriodicTasks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Drops uploads that nobody has gone on with, and what crashes have left of others. */
@Singleton
class UploadSweeper {
  private static final int BATCH = 100;

  private final UploadRows rows;
  private final LiveUploads uploads;
  private final BlobStore store;
  private final Duration expiry;
  private final Duration interval;
  private final Duration idleTimeout;
  private final Counter swept;
  private final PeriodicTasks timer = new PeriodicTasks("upload-sweeper");

  UploadSweeper(
      UploadRows rows,
      LiveUploads uploads,
      BlobStore store,
      EntrepotConfig config,
      MeterRegistry metrics) {
    this.rows = rows;
    this.uploads = uploads;
    this.store = store;
    this.expiry = config.upload().expiry();
    this.interval = config.upload().sweepInterval();
    this.idleTimeout = config.upload().suspendedTimeout();
    this.swept =
        Counter.builder("entrepot.uploads.expired")
            .description("Uploads that were dropped because nobody went on with them")
            .register(metrics);
  }

  void start(@Observes StartupEvent event) {
    timer.runEvery(interval, "the sweep of expired uploads", this::sweep);
    timer.runEvery(
        idleTimeout.dividedBy(2).plusMillis(1), "forgetting idle uploads", uploads::forgetIdle);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.close();
  }

  /** One sweep, of all that has expired. */
  void sweep() {
    List<UploadRows.Expired> expired;
    do {
      expired = rows.listExpired(expiry, BATCH);
      for (UploadRows.Expired upload : expired) {
        if (uploads.find(upload.id()) == null && rows.expire(upload.id(), expiry)) {
          store.abortUpload(upload.id(), upload.state());
          swept.increment();
        }
      }
    } while (expired.size() == BATCH);
    // Bytes without a row: a crash came between the two. Twice the age, so that no row can follow.
    for (UUID id : store.listUploads(expiry.multipliedBy(2), BATCH)) {
      if (uploads.find(id) == null && rows.find(id).isEmpty()) {
        store.abortUpload(id, dev.entrepot.storage.UploadState.EMPTY);
        swept.increment();
      }
    }
    rows.deleteOver(expiry);
  }
}
