package dev.entrepot.server;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import java.util.UUID;

/** The store of the settings, for a command. */
final class CommandStore {
  private CommandStore() {}

  static BlobStore open(EntrepotConfig settings) {
    return FilesystemBlobStore.open(settings.dataDir().resolve("storage"));
  }

  static BlobStore create(EntrepotConfig settings, UUID identity) {
    return open(settings);
  }
}
