package dev.entrepot.upload;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import io.quarkus.logging.Log;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An upload that this process works on, or has worked on a moment ago: it has the hash of what came
 * so far. One request at a time holds it, by a lease that all servers see.
 */
final class LiveUpload {
  private final UploadId id;
  private final BlobStore store;
  private Room room;
  private @Nullable BlobUpload upload;
  private @Nullable Stored stored;
  private volatile UploadState durable = UploadState.EMPTY;
  private volatile long fence;
  private volatile long leaseEndNanos;
  private volatile boolean leased;
  private volatile boolean lost;
  private volatile boolean cancelled;
  private volatile long lastUsed = System.nanoTime();
  private volatile @Nullable CountDownLatch closing;

  private record Stored(Digest digest, StoredBlob blob) {}

  LiveUpload(UploadId id, BlobStore store, Room room) {
    this.id = id;
    this.store = store;
    this.room = room;
  }

  UploadId id() {
    return id;
  }

  Room room() {
    return room;
  }

  /** What is durable: where a client has to go on. */
  UploadState durable() {
    return durable;
  }

  void markDurable(UploadState state) {
    durable = state;
  }

  /**
   * A request has got the lease. When another server had the upload since this one, nothing that
   * was known of it holds any more.
   *
   * @param endNanos until when it holds at least, by {@link System#nanoTime}
   * @param fresh the room of what is not known
   * @param alone whether there is no other server
   */
  void lease(UploadRows.Lease lease, long endNanos, Room fresh, boolean alone) {
    boolean isNext = lease.fence() == fence + 1 && lease.state().equals(durable);
    boolean isOurs = alone && fence > 0;
    if (lost || !isNext && !isOurs) {
      discard();
      stored = null;
      room = fresh;
      durable = lease.state();
    }
    fence = lease.fence();
    leaseEndNanos = endNanos;
    leased = true;
    lost = false;
    if (!lease.isGivenBack() && !alone && upload == null) {
      takeOver();
    }
  }

  /** Before anything else is done: only then may the lease be given back. */
  private void takeOver() {
    try {
      upload = store.takeOverUpload(id.uuid(), id.algorithm(), durable);
    } catch (StorageException.NotFound | StorageException.OffsetMismatch e) {
      // There is nothing left to write to; opening it says so.
    }
  }

  /** Of the lease that it has, or had last. */
  long fence() {
    return fence;
  }

  void renewed(long endNanos) {
    leaseEndNanos = endNanos;
  }

  /** The lease is being given back: no bytes are touched from here on. */
  void unlease() {
    leased = false;
  }

  /** Whether there is a lease to give back. */
  boolean isLeased() {
    return leased && !lost;
  }

  /** Another server has the lease, or may have it. */
  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  /**
   * To be called before bytes are touched: they may be another server's.
   *
   * @throws LeaseLostException when the lease is lost, or was not renewed in time
   */
  void requireLease() {
    if (lost || leased && System.nanoTime() - leaseEndNanos > 0) {
      lost = true;
      throw new LeaseLostException();
    }
  }

  /**
   * The bytes, opened when the first request needs them.
   *
   * @throws RegistryException BLOB_UPLOAD_UNKNOWN when the store has lost them
   */
  BlobUpload open() {
    if (upload == null) {
      upload = durable.offset() == 0 ? store.startUpload(id.uuid(), id.algorithm()) : resume();
    }
    return upload;
  }

  private BlobUpload resume() {
    try {
      return store.resumeUpload(id.uuid(), id.algorithm(), durable);
    } catch (StorageException.NotFound | StorageException.OffsetMismatch e) {
      throw new RegistryException(
          ErrorCode.BLOB_UPLOAD_UNKNOWN, "the bytes of the upload are gone: start again");
    }
  }

  /**
   * The bytes that another server has committed without telling the database: then the upload
   * cannot be opened any more.
   *
   * @throws RegistryException BLOB_UPLOAD_UNKNOWN when the store has lost the bytes
   */
  Optional<StoredBlob> findCommitted(Digest digest) {
    if (durable.offset() == 0) {
      return Optional.empty();
    }
    try {
      open();
      return Optional.empty();
    } catch (RegistryException gone) {
      Optional<StoredBlob> committed = store.findCommitted(id.uuid(), digest);
      return committed.or(
          () -> {
            throw gone;
          });
    }
  }

  /** Whether the bytes are committed, and only their row is missing. */
  boolean isStored() {
    return stored != null;
  }

  /**
   * The committed bytes, when only their row is missing; null before the commit.
   *
   * @throws StorageException.DigestMismatch when they were committed as another digest
   */
  @Nullable StoredBlob stored(Digest digest) {
    if (stored == null) {
      return null;
    }
    if (!stored.digest().equals(digest)) {
      throw new StorageException.DigestMismatch(digest, stored.digest());
    }
    return stored.blob();
  }

  /** The committed bytes, whatever their digest. */
  Optional<StoredBlob> stored() {
    return Optional.ofNullable(stored).map(Stored::blob);
  }

  void markStored(Digest digest, StoredBlob blob) {
    stored = new Stored(digest, blob);
  }

  /** A request gets the upload for itself; {@code toClose} when it means to end it. */
  void hold(boolean toClose) {
    closing = toClose ? new CountDownLatch(1) : null;
  }

  /** The request has given the upload back. */
  void letGo() {
    touch();
    CountDownLatch held = closing;
    if (held != null) {
      held.countDown();
    }
  }

  /** Waits until the request that is closing the upload has given it back; false if none is. */
  boolean awaitClosing(long nanos) {
    CountDownLatch held = closing;
    try {
      return held != null && held.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Makes the request that holds the upload stop. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  private void touch() {
    lastUsed = System.nanoTime();
  }

  long idleNanos() {
    return System.nanoTime() - lastUsed;
  }

  /**
   * Forgets what came since {@link #durable()}, and the hash; the next open reads the state. Bytes
   * that nobody can go on from leave the store at once: on a full disk they would keep it full.
   */
  void forget() {
    BlobUpload open = upload;
    upload = null;
    if (open == null) {
      return;
    }
    try (open) {
      if (stored != null) {
        return; // nothing is left to drop
      }
      if (durable.offset() == 0) {
        open.abort();
      } else if (open.offset() > durable.offset()) {
        open.close();
        store.resumeUpload(id.uuid(), id.algorithm(), durable).close();
      }
    } catch (StorageException e) {
      Log.warnf(e, "bytes not dropped upload=%s", id.uuid()); // the sweeper tries again
    }
  }

  /** Closes what is open and touches no bytes: they may be another server's. */
  void discard() {
    BlobUpload open = upload;
    upload = null;
    if (open != null) {
      open.close();
    }
  }

  /** Drops all bytes. */
  void abort() {
    BlobUpload open = upload;
    upload = null;
    if (open != null) {
      try (open) { // a committed one, too, still has its file open
        open.abort();
      }
    } else if (durable.offset() > 0) {
      store.abortUpload(id.uuid(), durable);
    }
  }
}
