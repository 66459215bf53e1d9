package dev.entrepot.backup;

import dev.entrepot.error.StartupException;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.task.Progress;
import dev.entrepot.task.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Brings the bytes that a snapshot names into the directory of backups. */
final class BlobCopy {
  private final BlobStore store;
  private final BackupDirectory target;
  private final boolean linking;
  private final Consumer<String> out;
  private final LongAdder missing = new LongAdder();

  BlobCopy(BlobStore store, BackupDirectory target, boolean linking, Consumer<String> out) {
    this.store = store;
    this.target = target;
    this.linking = linking;
    this.out = out;
  }

  /** How many blobs the store does not have, or not as they were. They are named on the way. */
  long copy(Path snapshot, Snapshot.Blobs blobs) throws IOException {
    Progress progress = new Progress(out, "blobs", blobs.count());
    try (var kept = FilesystemBlobStore.open(target.store());
        var list = BlobList.open(BackupDirectory.blobs(snapshot));
        var workers = new Workers()) {
      for (var entry = list.next(); entry != null; entry = list.next()) {
        BlobList.Entry blob = entry;
        workers.run(() -> progress.done(copy(kept, blob)));
      }
      workers.awaitAll();
    }
    progress.say();
    return missing.sum();
  }

  /** How many bytes were moved. */
  private long copy(FilesystemBlobStore kept, BlobList.Entry blob) {
    if (kept.has(blob.key(), blob.size())) {
      return 0;
    }
    if (!store.has(blob.key(), blob.size())) {
      return lost(blob, "the store has no bytes of this size");
    }
    try (BlobContent content = store.open(blob.key(), new ByteRange(0, blob.size()))) {
      boolean linked =
          linking
              && content.file().isPresent()
              && kept.link(blob.key(), blob.digest(), content.file().get());
      if (!linked) {
        kept.restore(blob.key(), blob.digest(), blob.size(), content.stream());
      }
      return linked ? 0 : blob.size();
    } catch (StorageException.NotFound | StorageException.DigestMismatch e) {
      return lost(blob, String.valueOf(e.getMessage()));
    } catch (StorageException.Unavailable e) {
      throw new StartupException(
          "The backup is not finished: "
              + e.getMessage()
              + (e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")")
              + ". Run it again when that is mended; what is there already is not copied again.",
          e);
    }
  }

  private long lost(BlobList.Entry blob, String why) {
    missing.increment();
    out.accept("MISSING: " + blob.digest() + ": " + why);
    return 0;
  }
}
