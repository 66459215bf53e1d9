package dev.entrepot.upload;

import dev.entrepot.blob.UsageLedger;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.UploadState;
import dev.entrepot.task.PeriodicTasks;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The uploads that this process works on. Sees to it that one request at a time has an upload, of
 * all servers, and that those between two requests neither stay for long nor grow many.
 */
@Singleton
class LiveUploads {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<UUID, LiveUpload> idle = new HashMap<>();
  private final Map<UUID, LiveUpload> busy = new HashMap<>();
  private final UploadRows rows;
  private final BlobStore store;
  private final UsageLedger usage;
  private final Duration expiry;
  private final Duration idleTimeout;
  private final Duration closingWait;

  /**
   * Whether no other server has this database. Then what this one knows of an upload stands, also
   * when PostgreSQL has crashed before the row was on the disk.
   */
  private final boolean alone;

  private final int maxIdle;
  private final Duration lease;
  private final PeriodicTasks timer = new PeriodicTasks("upload-leases");

  LiveUploads(
      UploadRows rows,
      BlobStore store,
      UsageLedger usage,
      EntrepotConfig config,
      MeterRegistry metrics) {
    this.rows = rows;
    this.store = store;
    this.usage = usage;
    this.expiry = config.upload().expiry();
    this.idleTimeout = config.upload().suspendedTimeout();
    this.closingWait = config.upload().closingWait();
    this.alone = config.database().url().isEmpty();
    this.maxIdle = config.upload().maxSuspended();
    this.lease = config.upload().lease();
    Gauge.builder("entrepot.uploads.active", busy, Map::size)
        .description("Uploads that a request is writing to")
        .register(metrics);
  }

  /**
   * Gives the upload to the caller alone, who gives it back.
   *
   * @throws RegistryException RANGE_INVALID when another request has it, BLOB_UPLOAD_UNKNOWN when
   *     there is none
   * @throws UploadCompletedException when it is a blob by now
   */
  LiveUpload acquire(UploadId id) {
    return acquire(id, false);
  }

  /**
   * Like {@link #acquire}, for the request that ends the upload. While another one has it, here or
   * elsewhere, waits for its outcome: it is probably the same one, sent again.
   */
  LiveUpload acquireToClose(UploadId id) {
    long deadline = System.nanoTime() + closingWait.toNanos();
    while (true) {
      try {
        return acquire(id, true);
      } catch (BusyException e) {
        long left = deadline - System.nanoTime();
        LiveUpload here = e.upload();
        if (here == null ? !pause(left) : !here.awaitClosing(left)) {
          throw e;
        }
      }
    }
  }

  private static boolean pause(long leftNanos) {
    try {
      Thread.sleep(POLL);
      return leftNanos > 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private LiveUpload acquire(UploadId id, boolean toClose) {
    LiveUpload known;
    LiveUpload held;
    synchronized (this) {
      LiveUpload other = busy.get(id.uuid());
      if (other != null) {
        throw new BusyException(other);
      }
      known = idle.remove(id.uuid());
      held = known != null ? known : make(id);
      held.hold(toClose);
      busy.put(id.uuid(), held);
    }
    boolean leased = false;
    try {
      lease(held);
      leased = true;
      return held;
    } finally {
      if (!leased) {
        giveUp(held, known != null);
      }
    }
  }

  private void lease(LiveUpload upload) {
    UploadId id = upload.id();
    long end = leaseEnd();
    boolean fresh = id.started().plus(expiry).isAfter(Instant.now());
    Optional<UploadRows.Lease> got = rows.acquire(id, fresh);
    if (got.isEmpty()) {
      status(id); // says when it is over, or never was
      throw new BusyException(null);
    }
    upload.lease(got.get(), end, new Room(usage, id), alone);
  }

  /** No lease was to be had: what is known of the upload may still be of use. */
  private synchronized void giveUp(LiveUpload held, boolean wasIdle) {
    busy.remove(held.id().uuid());
    held.letGo();
    if (wasIdle) {
      idle.put(held.id().uuid(), held);
    }
  }

  private long leaseEnd() {
    return System.nanoTime() + lease.toNanos() - lease.dividedBy(10).toNanos();
  }

  /** An upload that no other request knows of. */
  LiveUpload make(UploadId id) {
    return new LiveUpload(id, store, new Room(usage, id));
  }

  private synchronized UploadState known(UploadId id, UploadState row) {
    LiveUpload live = busy.getOrDefault(id.uuid(), idle.get(id.uuid()));
    return alone && live != null && live.durable().offset() > row.offset() ? live.durable() : row;
  }

  /** What is durable of an upload, whichever server works on it. */
  UploadState status(UploadId id) {
    UploadRow row = rows.find(id.uuid()).orElse(null);
    return switch (row) {
      case null -> {
        if (id.started().plus(expiry).isBefore(Instant.now())) {
          throw new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN);
        }
        yield known(id, UploadState.EMPTY);
      }
      case UploadRow.Open(var state) -> known(id, state);
      case UploadRow.Completed(var digest) -> throw new UploadCompletedException(digest);
      case UploadRow.Cancelled() -> throw new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN);
    };
  }

  /** Renews the leases of all requests under way. */
  void renew() {
    List<LiveUpload> held;
    synchronized (this) {
      held = busy.values().stream().filter(LiveUpload::isLeased).toList();
    }
    if (held.isEmpty()) {
      return;
    }
    long end = leaseEnd();
    Map<UUID, Long> fences = new HashMap<>();
    held.forEach(upload -> fences.put(upload.id().uuid(), upload.fence()));
    Set<UUID> renewed = rows.renew(fences);
    for (LiveUpload upload : held) {
      UUID id = upload.id().uuid();
      if (renewed.contains(id)) {
        upload.renewed(end);
      } else if (upload.isLeased() && Objects.equals(fences.get(id), upload.fence())) {
        upload.lose();
      }
    }
  }

  /** Gives an upload back, for the next request. */
  void release(LiveUpload upload) {
    releaseLease(upload);
    synchronized (this) {
      busy.remove(upload.id().uuid());
      upload.letGo();
      idle.put(upload.id().uuid(), upload);
      if (idle.size() > maxIdle) {
        forget(idle.values().stream().max(Comparator.comparingLong(LiveUpload::idleNanos)).get());
      }
    }
  }

  /** Gives an upload back that is over, or that the next request has to open anew. */
  void remove(LiveUpload upload) {
    try {
      if (upload.isLost()) {
        upload.discard();
      } else {
        upload.forget(); // first: whoever comes next opens the same bytes
      }
      releaseLease(upload);
    } finally {
      synchronized (this) {
        busy.remove(upload.id().uuid());
      }
      upload.letGo();
    }
  }

  private void releaseLease(LiveUpload upload) {
    if (!upload.isLeased()) {
      return;
    }
    upload.unlease();
    try {
      rows.release(upload.id(), upload.fence());
    } catch (RegistryException e) {
      Log.debugf("lease not given back upload=%s", upload.id().uuid()); // it ends by itself
    }
  }

  /** Lets go of those that nobody has asked for lately. Their bytes are durable. */
  synchronized void forgetIdle() {
    idle.values().stream()
        .filter(upload -> upload.idleNanos() > idleTimeout.toNanos())
        .toList()
        .forEach(this::forget);
  }

  /** All bytes of an idle upload are durable, and another server may go on with them. */
  private void forget(LiveUpload upload) {
    idle.remove(upload.id().uuid());
    upload.discard();
  }

  void start(@Observes StartupEvent event) {
    timer.runEvery(lease.dividedBy(3), "renewing the leases of uploads", this::renew);
    timer.runEvery(
        idleTimeout.dividedBy(2).plusMillis(1), "forgetting idle uploads", this::forgetIdle);
  }

  /** After the last request, whose leases were renewed until then. */
  @PreDestroy
  void close() {
    timer.close();
    synchronized (this) {
      idle.values().forEach(LiveUpload::discard);
      idle.clear();
    }
  }
}
