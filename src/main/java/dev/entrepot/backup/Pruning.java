package dev.entrepot.backup;

import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes old snapshots, and the bytes that none of the others names. */
final class Pruning {
  private static final int PAGE = 1000;

  private final BackupDirectory backups;

  Pruning(BackupDirectory backups) {
    this.backups = backups;
  }

  /** Keeps so many of the newest. Only then are bytes looked through: each folder is listed. */
  void keep(int count) throws IOException {
    List<Path> all = backups.list();
    if (all.size() <= count) {
      return;
    }
    for (Path old : all.subList(count, all.size())) {
      BackupDirectory.delete(old);
    }
    try (var named = new Named(all.subList(0, count));
        var store = FilesystemBlobStore.open(backups.store())) {
      StorageKey last = null;
      List<StoredBlob> page;
      do {
        page = store.list(last, PAGE);
        for (StoredBlob blob : page) {
          if (!named.has(blob.key())) {
            store.delete(blob.key());
          }
          last = blob.key();
        }
      } while (page.size() == PAGE);
    }
  }

  /** What several lists name, all in the same order, asked for in that order. */
  private static final class Named implements AutoCloseable {
    private final List<BlobList> lists = new ArrayList<>();
    private final List<BlobList.@Nullable Entry> heads = new ArrayList<>();

    Named(List<Path> snapshots) throws IOException {
      for (Path snapshot : snapshots) {
        BlobList list = BlobList.open(BackupDirectory.blobs(snapshot));
        lists.add(list);
        heads.add(list.next());
      }
    }

    boolean has(StorageKey key) throws IOException {
      boolean found = false;
      for (int i = 0; i < lists.size(); i++) {
        BlobList.Entry head = heads.get(i);
        while (head != null && head.key().value().compareTo(key.value()) < 0) {
          head = lists.get(i).next();
        }
        heads.set(i, head);
        found |= head != null && head.key().equals(key);
      }
      return found;
    }

    @Override
    public void close() throws IOException {
      for (BlobList list : lists) {
        list.close();
      }
    }
  }
}
