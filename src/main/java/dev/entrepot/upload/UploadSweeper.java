package dev.entrepot.upload;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.UploadState;
import dev.entrepot.task.Jobs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
  private final BlobStore store;
  private final Duration expiry;
  private final Duration interval;
  private final Counter swept;

  UploadSweeper(UploadRows rows, BlobStore store, EntrepotConfig config, MeterRegistry metrics) {
    this.rows = rows;
    this.store = store;
    this.expiry = config.upload().expiry();
    this.interval = config.upload().sweepInterval();
    this.swept =
        Counter.builder("entrepot.uploads.expired")
            .description("Uploads that were dropped because nobody went on with them")
            .register(metrics);
  }

  void start(@Observes StartupEvent event, Jobs jobs) {
    jobs.every("upload-sweeper", interval, run -> sweep());
  }

  /** One sweep, of all that has expired. */
  void sweep() {
    List<UploadRows.Expired> expired;
    do {
      expired = rows.listExpired(expiry, BATCH);
      for (UploadRows.Expired upload : expired) {
        if (rows.expire(upload.id(), expiry)) {
          store.abortUpload(upload.id(), upload.state());
          swept.increment();
        }
      }
    } while (expired.size() == BATCH);
    // Bytes without a row: a crash came between the two. Twice the age, so that no row can follow.
    for (UUID id : store.listUploads(expiry.multipliedBy(2), BATCH)) {
      if (rows.find(id).isEmpty()) {
        store.abortUpload(id, UploadState.EMPTY);
        swept.increment();
      }
    }
    rows.deleteOver(expiry);
  }
}
