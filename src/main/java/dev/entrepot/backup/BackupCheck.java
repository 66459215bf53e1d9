package dev.entrepot.backup;

import dev.entrepot.storage.Digest;
import dev.entrepot.task.Progress;
import dev.entrepot.task.Workers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a backup again, all of it, and says what is not as it was written. */
public final class BackupCheck {
  private final Path directory;
  private final Consumer<String> out;
  private final AtomicInteger faults = new AtomicInteger();

  /**
   * @param out gets lines for the operator; a fault begins with {@code FAULT}
   */
  public BackupCheck(Path directory, Consumer<String> out) {
    this.directory = directory;
    this.out = out;
  }

  /**
   * Whether the snapshot is sound.
   *
   * @param name null for the newest
   */
  public boolean isSound(@Nullable String name) throws IOException {
    try (BackupDirectory backups = BackupDirectory.forReading(directory)) {
      Path from = backups.choose(name);
      Snapshot snapshot = BackupDirectory.read(from);
      out.accept("snapshot " + from.getFileName() + " of " + snapshot.at());
      for (Snapshot.Table table : snapshot.tables()) {
        checkTable(from, table);
      }
      checkBlobs(backups, from, snapshot.blobs());
    }
    return faults.get() == 0;
  }

  private void checkTable(Path from, Snapshot.Table table) {
    try (var file = CheckedFile.Reader.open(BackupDirectory.table(from, table.name()));
        var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      long rows = 0;
      while (lines.readLine() != null) {
        rows++;
      }
      if (rows != table.rows() || !file.checksum().equals(table.sha256())) {
        fault("table " + table.name() + " has other rows than were written");
      }
    } catch (IOException e) {
      fault("table " + table.name() + " cannot be read: " + e);
    }
  }

  private void checkBlobs(BackupDirectory backups, Path from, Snapshot.Blobs blobs)
      throws IOException {
    Progress progress = new Progress(out, "blobs", blobs.count());
    if (blobs.missing() > 0) {
      out.accept(blobs.missing() + " blobs were missing when the backup was made");
    }
    try (var list = BlobList.open(BackupDirectory.blobs(from));
        var workers = new Workers()) {
      for (var entry = list.next(); entry != null; entry = list.next()) {
        BlobList.Entry blob = entry;
        workers.run(() -> progress.done(check(backups, blob)));
      }
      workers.awaitAll();
      if (!list.checksum().equals(blobs.sha256())) {
        fault("the list of blobs is not what was written");
      }
    }
    progress.say();
  }

  private long check(BackupDirectory backups, BlobList.Entry blob) {
    Path file = backups.blob(blob.key());
    long size = 0;
    try (InputStream bytes = Files.newInputStream(file)) {
      Digest actual = Digest.ofContent(blob.digest().algorithm(), bytes);
      size = Files.size(file);
      if (!actual.equals(blob.digest())) {
        fault(
            blob.digest() + " has other bytes: delete " + file + ", and the next backup brings it");
      }
    } catch (NoSuchFileException e) {
      fault(blob.digest() + " is missing");
    } catch (IOException e) {
      fault(blob.digest() + " cannot be read: " + e);
    }
    return size;
  }

  private void fault(String what) {
    faults.incrementAndGet();
    out.accept("FAULT: " + what);
  }
}
