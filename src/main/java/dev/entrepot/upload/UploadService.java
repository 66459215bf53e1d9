package dev.entrepot.upload;

import dev.entrepot.blob.BlobIndex;
import dev.entrepot.blob.Published;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.http.ContentRange;
import dev.entrepot.http.Exchange;
import dev.entrepot.http.RequestBody;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import io.quarkus.logging.Log;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes bytes in and makes them blobs. A refused request changes nothing: the upload is again what
 * it was before it. What a PATCH has brought over a connection that broke is kept; what a closing
 * PUT has brought is not, because clients send a whole PUT again.
 */
@Singleton
class UploadService {
  private final UploadIds ids;
  private final LiveUploads uploads;
  private final UploadRows rows;
  private final BlobStore store;
  private final BlobIndex blobs;
  private final Database database;
  private final ContentEvents events;
  private final long maxSize;

  UploadService(
      UploadIds ids,
      LiveUploads uploads,
      UploadRows rows,
      BlobStore store,
      BlobIndex blobs,
      Database database,
      ContentEvents events,
      EntrepotConfig config) {
    this.ids = ids;
    this.uploads = uploads;
    this.rows = rows;
    this.store = store;
    this.blobs = blobs;
    this.database = database;
    this.events = events;
    this.maxSize = config.upload().maxSize().map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
  }

  /** A new upload, of which nothing is kept until bytes come. */
  UploadId start(RepositoryName repository, DigestAlgorithm algorithm) {
    return ids.next(repository, algorithm);
  }

  /** Bytes of the upload that are durable. */
  long status(UploadId id) {
    return uploads.status(id).offset();
  }

  /** Takes a chunk, or all; the durable bytes after it. */
  long append(UploadId id, @Nullable ContentRange range, Exchange exchange) {
    LiveUpload upload = uploads.acquire(id);
    boolean keep = false;
    try {
      receive(upload, range, exchange);
      suspend(upload);
      keep = true;
      return upload.durable().offset();
    } catch (RequestBody.CutOff e) {
      suspend(upload);
      keep = true;
      throw e;
    } catch (RegistryException e) {
      if (e.code() == ErrorCode.REQUEST_TIMEOUT) {
        suspend(upload);
      }
      keep =
          e.code() == ErrorCode.REQUEST_TIMEOUT
              || e instanceof WrongOffsetException
              || upload.isStored();
      throw e;
    } finally {
      giveBack(upload, keep);
    }
  }

  /** Takes the last bytes, if any, and makes the upload a blob. Once more is no error. */
  void complete(UploadId id, Digest digest, @Nullable ContentRange range, Exchange exchange) {
    LiveUpload upload;
    try {
      upload = uploads.acquireToClose(id);
    } catch (UploadCompletedException e) {
      if (e.digest().equals(digest) && blobs.find(id.repository(), digest).isPresent()) {
        return;
      }
      throw e; // another digest, or a blob that has been deleted since
    }
    boolean keep = true;
    try {
      StoredBlob stored = upload.stored(digest);
      if (stored == null) {
        keep = false;
        stored = upload.findCommitted(digest).orElse(null);
        if (stored == null) {
          long brought = receive(upload, range, exchange);
          keep = brought == 0;
          upload.requireLease();
          stored = upload.open().commit(digest);
        } else {
          upload.room().need(stored.size());
        }
        upload.markStored(digest, stored);
        keep = true; // from here on only the row can fail, and the closing request can be repeated
      }
      publish(upload, exchange.actor(), digest, stored, true);
      keep = false;
    } catch (WrongOffsetException e) {
      keep = true;
      throw e;
    } catch (StorageException.OutcomeUnknown e) {
      keep = false; // there is nothing left to go on with
      throw e;
    } catch (StorageException.NotFound e) {
      keep = false;
      throw new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN);
    } finally {
      giveBack(upload, keep);
    }
  }

  /** Takes a blob that comes in one request without an upload. */
  void pushWhole(RepositoryName repository, Digest digest, Exchange exchange) {
    LiveUpload upload = uploads.make(ids.next(repository, digest.algorithm()));
    try {
      receive(upload, null, exchange);
      publish(upload, exchange.actor(), digest, upload.open().commit(digest), false);
    } finally {
      upload.abort(); // does nothing after a commit
      upload.room().shrink(0); // nor this
    }
  }

  /** Drops an upload and its bytes, whoever works on it. */
  void cancel(UploadId id) {
    LiveUpload busy = null;
    LiveUpload upload = null;
    try {
      upload = uploads.acquire(id);
    } catch (BusyException e) {
      busy = e.upload();
    }
    rows.cancel(id); // another server that has it loses its lease by this, and drops the bytes
    if (busy != null) {
      busy.cancel();
    } else if (upload != null) {
      upload.cancel();
      upload.unlease();
      giveBack(upload, false);
    }
  }

  private void giveBack(LiveUpload upload, boolean keep) {
    if (upload.isLost() && isCancelledElsewhere(upload.id())) {
      upload.cancel();
    }
    if (keep && !upload.isCancelled() && !upload.isLost()) {
      uploads.release(upload);
      return;
    }
    try {
      if (upload.isCancelled()) {
        upload.abort();
        upload.room().drop();
      } else if (!upload.isLost()) {
        upload.room().shrink(upload.durable().offset());
      }
    } finally {
      uploads.remove(upload);
    }
  }

  private boolean isCancelledElsewhere(UploadId id) {
    try {
      return rows.find(id.uuid()).filter(UploadRow.Cancelled.class::isInstance).isPresent();
    } catch (RegistryException e) {
      return false; // the sweeper drops the bytes
    }
  }

  /** Checks all that can be checked without the body, then takes it; the bytes it brought. */
  private long receive(LiveUpload upload, @Nullable ContentRange range, Exchange exchange) {
    if (upload.isStored()) {
      throw new RegistryException(
          ErrorCode.BLOB_UPLOAD_INVALID, "the upload is closed: send the closing PUT again");
    }
    long offset = upload.durable().offset();
    long declared = exchange.declaredLength().orElse(-1L);
    if (range != null && range.first() != offset) {
      throw new WrongOffsetException(offset);
    }
    if (range != null && declared >= 0 && declared != range.length()) {
      throw sizeInvalid("Content-Length and Content-Range differ", declared, range.length());
    }
    if (declared > maxSize - offset) {
      throw tooLarge();
    }
    Room room = upload.room();
    room.need(offset + Math.max(0, range != null ? range.length() : declared));
    if (declared == 0) {
      return 0;
    }
    long limit = range != null ? range.length() : maxSize - offset;
    BlobUpload bytes = upload.open();
    long received =
        exchange
            .openBody()
            .transferTo(
                buffers -> {
                  if (upload.isCancelled()) {
                    throw new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN);
                  }
                  upload.requireLease();
                  long more = buffers.stream().mapToLong(ByteBuffer::remaining).sum();
                  if (bytes.offset() - offset + more > limit) {
                    throw range == null
                        ? tooLarge()
                        : sizeInvalid("more bytes than Content-Range says", null, limit);
                  }
                  room.grow(bytes.offset() + more);
                  bytes.append(buffers);
                });
    room.need(bytes.offset());
    if (range != null && received != range.length()) {
      throw sizeInvalid("fewer bytes than Content-Range says", received, range.length());
    }
    return received;
  }

  private void suspend(LiveUpload upload) {
    upload.requireLease();
    BlobUpload bytes = upload.open();
    if (bytes.offset() > upload.durable().offset()) {
      UploadState state = bytes.suspend();
      upload.unlease();
      if (!rows.saveOpen(upload.id(), upload.fence(), state)) {
        upload.lose();
        throw new LeaseLostException();
      }
      upload.markDurable(state);
    }
  }

  private void publish(
      LiveUpload upload, Actor pusher, Digest digest, StoredBlob stored, boolean hasRow) {
    UploadId id = upload.id();
    Published published =
        database.transact(
            transaction -> {
              Published done =
                  blobs.publish(
                      transaction,
                      id.repository(),
                      pusher,
                      digest,
                      stored,
                      location -> location.isIn(store));
              upload.room().exchange(transaction);
              if (hasRow
                  && !rows.complete(transaction, id, upload.fence(), digest, stored.size())) {
                upload.lose();
                throw new LeaseLostException(); // and nothing of this is committed
              }
              return done;
            });
    upload.unlease();
    upload.room().exchanged();
    if (published.redundant()) {
      dropRedundant(stored);
    }
    events.publish(new ContentEvent.BlobLinked(id.repository(), digest));
  }

  private void dropRedundant(StoredBlob stored) {
    try {
      store.delete(stored.key());
    } catch (StorageException e) {
      Log.warnf(e, "second copy not deleted key=%s", stored.key());
    }
  }

  private static RegistryException sizeInvalid(
      String message, @Nullable Long actual, long expected) {
    return new RegistryException(
        ErrorCode.SIZE_INVALID,
        message,
        actual == null
            ? Map.of("expected", expected)
            : Map.of("expected", expected, "actual", actual));
  }

  private RegistryException tooLarge() {
    return new RegistryException(
        ErrorCode.BLOB_TOO_LARGE, ErrorCode.BLOB_TOO_LARGE.message(), Map.of("limit", maxSize));
  }
}
