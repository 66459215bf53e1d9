package dev.entrepot.scrub;

import dev.entrepot.blob.LocatedBlob;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.task.Jobs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads all blobs in the order of their digests, and puts those in quarantine whose bytes are lost
 * or have another digest. One server of all does it; another goes on where it stopped.
 */
@Singleton
class Scrub {
  private static final Logger LOG = Logger.getLogger(Scrub.class);
  private static final int PAGE = 100;
  private static final int BUFFER = 1 << 16;

  private final Jobs jobs;
  private final Quarantine quarantine;
  private final Refill refill;
  private final BlobStore store;
  private final EntrepotConfig config;
  private final MeterRegistry metrics;
  private final Counter bytesRead;
  private final long rate;

  @Inject
  Scrub(
      Jobs jobs,
      Quarantine quarantine,
      Refill refill,
      BlobStore store,
      EntrepotConfig config,
      MeterRegistry metrics) {
    this.jobs = jobs;
    this.quarantine = quarantine;
    this.refill = refill;
    this.store = store;
    this.config = config;
    this.metrics = metrics;
    this.bytesRead = metrics.counter("entrepot.scrub.bytes");
    this.rate = config.scrub().rate().asLongValue();
  }

  void start(@Observes StartupEvent event) {
    if (rate > 0) {
      jobs.every("scrub", config.scrub().pause(), this::run);
    }
  }

  /** Goes on where a turn before has stopped; to the end, unless it has to stop. */
  void run(Jobs.JobRun turn) {
    Pace pace = new Pace(rate);
    Digest after = turn.progress().map(Digest::parse).orElse(null);
    while (!turn.isStopping()) {
      List<LocatedBlob> page = quarantine.listReadable(after, PAGE);
      if (page.isEmpty()) {
        turn.save(null);
        LOG.info("all blobs were read");
        return;
      }
      for (LocatedBlob blob : page) {
        if (!check(blob, pace, turn)) {
          return;
        }
        after = blob.digest();
        turn.save(after.toString());
      }
    }
  }

  /** False when it was stopped before it could tell. */
  private boolean check(LocatedBlob blob, Pace pace, Jobs.JobRun turn) {
    Optional<String> fault = sizeFault(blob);
    if (fault.isEmpty()) {
      Digest actual = read(blob, pace, turn);
      if (actual == null) {
        return false;
      }
      fault =
          actual.equals(blob.digest())
              ? Optional.empty()
              : Optional.of("the bytes have digest " + actual);
    }
    if (fault.isPresent() && quarantine.put(blob, fault.get())) {
      LOG.errorf(
          "blob in quarantine until it is pushed again digest=%s key=%s reason=\"%s\"",
          blob.digest(), blob.location().key(), fault.get());
      refill.attempt(blob);
    }
    metrics
        .counter("entrepot.scrub.blobs", "outcome", fault.isPresent() ? "faulty" : "sound")
        .increment();
    return true;
  }

  private Optional<String> sizeFault(LocatedBlob blob) {
    Optional<StoredBlob> there = store.stat(blob.location().key());
    if (there.isEmpty()) {
      return Optional.of("the store has lost the bytes");
    }
    return there.get().size() == blob.location().size()
        ? Optional.empty()
        : Optional.of("there are " + there.get().size() + " bytes, not " + blob.location().size());
  }

  /** The digest of the bytes; null when the turn has to stop. */
  private @Nullable Digest read(LocatedBlob blob, Pace pace, Jobs.JobRun turn) {
    MessageDigest computed = blob.digest().algorithm().newMessageDigest();
    byte[] buffer = new byte[BUFFER];
    try (BlobContent content =
            store.open(blob.location().key(), new ByteRange(0, blob.location().size()));
        InputStream bytes = content.stream()) {
      for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
        computed.update(buffer, 0, n);
        bytesRead.increment(n);
        if (!pace.keep(n, turn::isStopping)) {
          return null;
        }
      }
    } catch (StorageException.NotFound e) {
      return Digest.of(blob.digest().algorithm(), computed); // deleted meanwhile, or lost
    } catch (IOException e) {
      throw new StorageException.Unavailable("cannot read " + blob.location().key(), e);
    }
    return Digest.of(blob.digest().algorithm(), computed);
  }
}
