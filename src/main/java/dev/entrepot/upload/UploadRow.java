package dev.entrepot.upload;

import dev.entrepot.storage.Digest;
import dev.entrepot.storage.UploadState;

/** What the database knows of an upload. None: nothing durable yet, or expired. */
sealed interface UploadRow {
  /** Bytes are durable, more may come. */
  record Open(UploadState state) implements UploadRow {}

  /** It has become a blob. */
  record Completed(Digest digest) implements UploadRow {}

  /** It was cancelled. */
  record Cancelled() implements UploadRow {}
}
