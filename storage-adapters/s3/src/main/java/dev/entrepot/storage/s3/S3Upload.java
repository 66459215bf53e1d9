package dev.entrepot.storage.s3;

import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An upload: bytes wait in memory until they make a part. When all of them fit into one, they are
 * stored at the end as one object under a key that names their digest; else in parts, under a key
 * that does not, and are never copied.
 */
final class S3Upload implements BlobUpload {
  private final S3BlobStore store;
  private final UUID id;

  /** The key to use; null when it is made by the way the bytes come. */
  private final @Nullable StorageKey given;

  private @Nullable MessageDigest digest;
  private final DigestAlgorithm algorithm;
  private @Nullable Digest finished;

  private @Nullable Multipart multipart;
  private PartBuffer part;

  /** The object with the bytes after the parts; null when bytes have come since. */
  private UploadNotes.@Nullable Tail tail;

  /** The tail that the state before the last names, or the last one if bytes have come since. */
  private @Nullable String olderTail;

  private long offset;
  private boolean ended;

  /** A new upload. */
  S3Upload(S3BlobStore store, UUID id, DigestAlgorithm algorithm, @Nullable StorageKey given) {
    this.store = store;
    this.id = id;
    this.given = given;
    this.algorithm = algorithm;
    this.digest = algorithm.newMessageDigest();
    this.part = new PartBuffer(store.pool());
  }

  /** A suspended one. */
  S3Upload(S3BlobStore store, UUID id, DigestAlgorithm algorithm, UploadNotes notes) {
    this(store, id, algorithm, (StorageKey) null);
    this.digest = notes.size() == 0 ? algorithm.newMessageDigest() : null;
    this.finished = notes.digest().orElse(null);
    this.multipart =
        notes.multipart().map(started -> store.multipart(started, notes.parts())).orElse(null);
    this.tail = notes.tail();
    this.olderTail = notes.olderTail().orElse(null);
    this.offset = notes.size();
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public void append(List<ByteBuffer> buffers) {
    requireRunning();
    for (ByteBuffer from : buffers) {
      while (from.hasRemaining()) {
        load();
        makeRoom();
        int count = part.put(from, partSize() - part.length(), digest);
        offset += count;
        finished = null;
        leaveTail();
      }
    }
  }

  /** The bytes in memory are not those of the tail any more. */
  private void leaveTail() {
    if (tail != null) {
      dropTail(olderTail);
      olderTail = tail.key();
      tail = null;
    }
  }

  private long partSize() {
    return store.limits().partSize(multipart == null ? 1 : multipart.next());
  }

  /** Room for a byte at least. When memory is short, a part is sent before its time. */
  private void makeRoom() {
    if (part.length() >= partSize() || !part.makeRoom(leastPart())) {
      send();
      part.makeRoom(leastPart());
    }
  }

  private int leastPart() {
    return (int) Math.max(S3Limits.MIN_PART, partSize() / 2);
  }

  private void send() {
    Multipart to = multipart;
    if (to == null) {
      to = store.startMultipart(id, given != null ? given : BlobKeys.unnamed(id));
      multipart = to;
    }
    if (to.next() > S3Limits.MAX_PARTS) {
      throw new StorageException.Unavailable("a blob of more than " + offset + " bytes", null);
    }
    PartBuffer bytes = part;
    part = new PartBuffer(store.pool());
    leaveTail();
    to.send(bytes);
  }

  /** Brings the bytes of the tail back into memory. */
  private void load() {
    if (tail != null && part.length() < tail.size()) {
      part.release();
      store.load(tail, part);
    }
  }

  @Override
  public UploadState suspend() {
    requireRunning();
    if (part.length() >= S3Limits.MIN_PART && tail == null) {
      send();
    }
    if (multipart != null) {
      multipart.await();
    }
    UploadNotes.Tail stored = tail;
    if (stored == null) {
      stored = new UploadNotes.Tail(SideObjects.newTail(id), part.length());
      store.putTail(stored, part);
      tail = stored;
    }
    part.release(); // the next request may come late, or to another server
    UploadNotes notes =
        new UploadNotes(
            Optional.ofNullable(known(algorithm)).or(() -> Optional.ofNullable(finished)),
            stored,
            Optional.ofNullable(olderTail),
            Optional.ofNullable(multipart).map(Multipart::started),
            multipart == null ? List.of() : multipart.stored());
    return new UploadState(offset, notes.toText());
  }

  /** The digest of all bytes, if it needs no reading. */
  private @Nullable Digest known(DigestAlgorithm asked) {
    if (digest != null && asked == algorithm) {
      return clone(digest);
    }
    return finished != null && finished.algorithm() == asked ? finished : null;
  }

  private Digest clone(MessageDigest running) {
    try {
      return Digest.of(algorithm, (MessageDigest) running.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + algorithm + " can be cloned", e);
    }
  }

  @Override
  public StoredBlob commit(Digest expected) {
    requireRunning();
    Digest known = known(expected.algorithm());
    if (known != null) {
      require(expected, known);
    }
    StoredBlob blob =
        multipart == null ? commitWhole(expected) : commitParts(multipart, expected, known);
    ended = true;
    part.release();
    dropTail(olderTail);
    dropTail(tail == null ? null : tail.key());
    if (multipart != null) {
      store.sides().deleteQuietly(multipart.started().marker());
    }
    return blob;
  }

  private StoredBlob commitWhole(Digest expected) {
    load();
    if (known(expected.algorithm()) == null) {
      require(expected, part.digest(expected.algorithm()));
    }
    StorageKey key = given != null ? given : BlobKeys.named(expected, id);
    StoredBlob blob = store.putBlob(key, part, given == null);
    note(key, expected);
    return blob;
  }

  private StoredBlob commitParts(Multipart parts, Digest expected, @Nullable Digest known) {
    load();
    if (part.length() > 0) {
      send();
    }
    StoredBlob blob;
    boolean certain = known != null;
    try {
      blob = parts.complete();
    } catch (StorageException.NotFound | StorageException.OutcomeUnknown e) {
      // An attempt whose answer was lost, perhaps one with other bytes at its end.
      blob = completedBefore(parts.started().key(), e);
      certain = false;
    }
    if (!certain) {
      requireRead(blob, expected);
    }
    note(blob.key(), expected);
    return blob;
  }

  private StoredBlob completedBefore(StorageKey key, StorageException failure) {
    try {
      return store.stat(key).filter(found -> found.size() == offset).orElseThrow(() -> failure);
    } catch (StorageException.Unavailable e) {
      throw failure;
    }
  }

  /** Only now can the bytes be read back; when they are wrong there is nothing to go back to. */
  private void requireRead(StoredBlob blob, Digest expected) {
    Digest read = store.digestOf(blob, expected.algorithm());
    if (!read.equals(expected)) {
      ended = true;
      part.release();
      store.delete(blob.key());
      store.sides().dropUpload(id);
      throw new StorageException.DigestMismatch(expected, read);
    }
  }

  private void note(StorageKey key, Digest digest) {
    if (BlobKeys.digest(key).isEmpty()) {
      store.sides().write(S3BlobStore.note(key), digest.toString(), false);
    }
  }

  private static void require(Digest expected, Digest actual) {
    if (!actual.equals(expected)) {
      throw new StorageException.DigestMismatch(expected, actual);
    }
  }

  private void dropTail(@Nullable String key) {
    if (key != null) {
      store.sides().deleteQuietly(key);
    }
  }

  @Override
  public void abort() {
    if (ended) {
      return;
    }
    close();
    if (multipart != null || tail != null || olderTail != null) {
      store.sides().dropUpload(id);
    }
  }

  @Override
  public void close() {
    ended = true;
    part.release();
    if (multipart != null) {
      multipart.settle(); // a part that comes late would replace another one's
    }
  }

  private void requireRunning() {
    if (ended) {
      throw new IllegalStateException("upload " + id + " has ended");
    }
  }
}
