package dev.entrepot.store;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.storage.BlobStore;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Other stores that may have the bytes of a blob under the key that they have, or had, in the
 * server's own: the one that blobs are being moved from, and a replica. They are only read, and
 * what is read from them has to be checked.
 */
@Singleton
public class Replicas {
  private final List<BlobStore> stores = new ArrayList<>();
  private final Optional<BlobStore> replica;

  @Inject
  Replicas(EntrepotConfig config, BlobStore store) {
    this(store, BlobStores.openReplica(config));
  }

  /** Of a store, and a replica that it owns from now on. */
  public Replicas(BlobStore store, Optional<BlobStore> replica) {
    if (store instanceof ReadThroughStore moving) {
      stores.add(moving.previous());
    }
    this.replica = replica;
    replica.ifPresent(stores::add);
  }

  /** In the order in which they are asked. */
  public List<BlobStore> stores() {
    return List.copyOf(stores);
  }

  @PreDestroy
  void close() {
    replica.ifPresent(BlobStore::close);
  }
}
