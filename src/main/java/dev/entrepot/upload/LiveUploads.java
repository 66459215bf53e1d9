package dev.entrepot.upload;

import dev.entrepot.blob.UsageLedger;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.UploadState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The uploads that this process works on. Sees to it that one request at a time has an upload, and
 * that those between two requests neither stay for long nor grow many.
 */
@Singleton
class LiveUploads {
  private final Map<UUID, LiveUpload> idle = new HashMap<>();
  private final Map<UUID, LiveUpload> busy = new HashMap<>();
  private final UploadRows rows;
  private final BlobStore store;
  private final UsageLedger usage;
  private final Duration expiry;
  private final Duration idleTimeout;
  private final Duration closingWait;
  private final int maxIdle;

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
    this.maxIdle = config.upload().maxSuspended();
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
   * Like {@link #acquire}, for the request that ends the upload. While another one is doing that,
   * waits for its outcome: it is probably the same one, sent again.
   */
  LiveUpload acquireToClose(UploadId id) {
    long deadline = System.nanoTime() + closingWait.toNanos();
    while (true) {
      try {
        return acquire(id, true);
      } catch (BusyException e) {
        if (!e.upload().awaitClosing(deadline - System.nanoTime())) {
          throw e;
        }
      }
    }
  }

  private LiveUpload acquire(UploadId id, boolean toClose) {
    LiveUpload placeholder = make(id);
    synchronized (this) {
      LiveUpload other = busy.get(id.uuid());
      if (other != null) {
        throw new BusyException(other);
      }
      LiveUpload known = idle.remove(id.uuid());
      LiveUpload held = known != null ? known : placeholder;
      held.hold(toClose);
      busy.put(id.uuid(), held);
      if (known != null) {
        return known;
      }
    }
    boolean found = false;
    try {
      placeholder.markDurable(durableState(id));
      found = true;
      return placeholder;
    } finally {
      if (!found) {
        remove(placeholder);
      }
    }
  }

  /** An upload that no other request knows of. */
  LiveUpload make(UploadId id) {
    return new LiveUpload(id, store, new Room(usage, id));
  }

  private UploadState durableState(UploadId id) {
    UploadRow row = rows.find(id.uuid()).orElse(null);
    return switch (row) {
      case null -> {
        if (id.started().plus(expiry).isBefore(Instant.now())) {
          throw new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN);
        }
        yield UploadState.EMPTY;
      }
      case UploadRow.Open(var state) -> state;
      case UploadRow.Completed(var digest) -> throw new UploadCompletedException(digest);
      case UploadRow.Cancelled() -> throw new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN);
    };
  }

  /** Another request is writing to the upload. */
  static final class BusyException extends RegistryException {
    private final transient LiveUpload upload;

    BusyException(LiveUpload upload) {
      super(ErrorCode.RANGE_INVALID, "another request is writing to this upload");
      this.upload = upload;
    }

    LiveUpload upload() {
      return upload;
    }
  }

  /** What is durable of an upload, whoever works on it. */
  UploadState status(UploadId id) {
    LiveUpload live = find(id.uuid());
    if (live != null && live.isCancelled()) {
      throw new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN);
    }
    return live != null && live.isKnown() ? live.durable() : durableState(id);
  }

  /** The upload, busy or not; null when this process does not have it. */
  synchronized @Nullable LiveUpload find(UUID id) {
    LiveUpload live = busy.get(id);
    return live != null ? live : idle.get(id);
  }

  /** Gives an upload back, for the next request. */
  synchronized void release(LiveUpload upload) {
    busy.remove(upload.id().uuid());
    upload.letGo();
    idle.put(upload.id().uuid(), upload);
    if (idle.size() > maxIdle) {
      forget(idle.values().stream().max(Comparator.comparingLong(LiveUpload::idleNanos)).get());
    }
  }

  /** Gives an upload back that is over, or that the next request has to open anew. */
  void remove(LiveUpload upload) {
    try {
      upload.forget(); // first: whoever comes next opens the same bytes
    } finally {
      synchronized (this) {
        busy.remove(upload.id().uuid());
      }
      upload.letGo();
    }
  }

  /** Lets go of those that nobody has asked for lately. Their bytes are durable. */
  synchronized void forgetIdle() {
    idle.values().stream()
        .filter(upload -> upload.idleNanos() > idleTimeout.toNanos())
        .toList()
        .forEach(this::forget);
  }

  /** All bytes of an idle upload are durable: this only closes it, and may be done in the lock. */
  private void forget(LiveUpload upload) {
    idle.remove(upload.id().uuid());
    upload.forget();
  }

  @PreDestroy
  synchronized void close() {
    idle.values().forEach(LiveUpload::forget);
    idle.clear();
  }
}
