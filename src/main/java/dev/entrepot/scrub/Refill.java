package dev.entrepot.scrub;

import dev.entrepot.blob.LocatedBlob;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.store.Replicas;
import dev.entrepot.task.Jobs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Gives blobs in quarantine other bytes, from where the same bytes should be under the same key:
 * when they are found, and again and again for those that could not be had then.
 */
@Singleton
class Refill {
  private static final Logger LOG = Logger.getLogger(Refill.class);
  private static final Duration PAUSE = Duration.ofMinutes(10);
  private static final int PAGE = 100;

  private final Quarantine quarantine;
  private final BlobStore store;
  private final Replicas replicas;
  private final Counter refilled;

  Refill(Quarantine quarantine, BlobStore store, Replicas replicas, MeterRegistry metrics) {
    this.quarantine = quarantine;
    this.store = store;
    this.replicas = replicas;
    this.refilled =
        Counter.builder("entrepot.scrub.refilled")
            .description("Blobs in quarantine that have got bytes from another store")
            .register(metrics);
  }

  void start(@Observes StartupEvent event, Jobs jobs) {
    if (!replicas.stores().isEmpty()) {
      jobs.every("refill", PAUSE, this::run);
    }
  }

  /** Tries all that are in quarantine. */
  void run(Jobs.JobRun turn) {
    Digest after = turn.progress().map(Digest::parse).orElse(null);
    while (!turn.isStopping()) {
      List<Quarantine.Entry> page = quarantine.list(after, PAGE, 0);
      if (page.isEmpty()) {
        turn.save(null);
        return;
      }
      for (Quarantine.Entry entry : page) {
        attempt(entry.blob());
        after = entry.blob().digest();
        turn.save(after.toString());
        if (turn.isStopping()) {
          return;
        }
      }
    }
  }

  /** Whether the blob is none of the quarantine any more. */
  boolean attempt(LocatedBlob blob) {
    return replicas.stores().stream().anyMatch(replica -> bring(replica, blob));
  }

  /** Under a new key: whatever is done late to the old one does not concern these bytes. */
  private boolean bring(BlobStore replica, LocatedBlob blob) {
    StorageKey from = blob.location().key();
    long size = blob.location().size();
    StorageKey to = BlobKeys.named(blob.digest());
    try {
      if (!replica.has(from, size)) {
        return false;
      }
      try (BlobContent content = replica.open(from, new ByteRange(0, size))) {
        store.restore(to, blob.digest(), size, content.stream());
      }
    } catch (StorageException | UncheckedIOException e) {
      LOG.warnf("blob not refilled digest=%s key=%s error=%s", blob.digest(), from, e);
      return false;
    }
    if (quarantine.release(blob, to)) {
      refilled.increment();
      LOG.infof("blob refilled from another store digest=%s key=%s", blob.digest(), to);
    } else {
      store.delete(to); // it was pushed meanwhile
    }
    return true;
  }
}
