package dev.entrepot.storage;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes on their way in. Nothing is visible in the store until {@link #commit} has returned.
 *
 * <p>One thread at a time; a second writer of the same upload must be kept away by the caller. A
 * call to an upload that was committed, aborted or closed is an {@link IllegalStateException}
 * unless it says otherwise.
 */
public interface BlobUpload extends AutoCloseable {
  /** Bytes taken so far, durable or not. */
  long offset();

  /**
   * Takes more bytes at {@link #offset()}. The buffers are consumed from position to limit, in
   * order, and are the caller's again when this returns.
   *
   * @throws StorageException.Unavailable when the store failed; the upload is then at an offset
   *     that only {@link #suspend()} or a new {@link BlobStore#resumeUpload} can tell
   */
  void append(List<ByteBuffer> buffers);

  /**
   * Makes all bytes taken so far durable, so that the upload can be continued after a crash. More
   * bytes may follow here as well. The state holds the digest of the bytes as far as it is known
   * here, so that they need not be read back when none follow.
   *
   * @return what {@link BlobStore#resumeUpload} needs; its offset is {@link #offset()}
   * @throws StorageException.Unavailable when the store failed
   */
  UploadState suspend();

  /**
   * Ends the upload: checks the digest of all bytes, makes them durable under a new key. After this
   * only {@link #abort()} and {@link #close()} may be called. An error other than {@link
   * StorageException.OutcomeUnknown} leaves the upload as it was, with one exception: a store that
   * must put the bytes together before it can read them back has dropped them on a mismatch.
   *
   * <p>If the process dies before the key was recorded by the caller, the bytes are garbage that
   * {@link BlobStore#list} still shows.
   *
   * @param expected of any algorithm; when it is not the one the upload was started with, or bytes
   *     have followed elsewhere, the bytes are read back once
   * @return what was stored, modified now
   * @throws StorageException.DigestMismatch when the bytes have another digest
   * @throws StorageException.NotFound when the upload was dropped meanwhile
   * @throws StorageException.Unavailable when the store failed and nothing was stored
   * @throws StorageException.OutcomeUnknown when it cannot be told whether the bytes were stored
   */
  StoredBlob commit(Digest expected);

  /** Drops the upload and its bytes. Idempotent; does nothing after a commit or a close. */
  void abort();

  /** Frees what the process holds; the bytes stay as they are in the store. Idempotent. */
  @Override
  void close();
}
