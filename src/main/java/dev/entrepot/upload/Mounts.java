package dev.entrepot.upload;

import dev.entrepot.auth.Action;
import dev.entrepot.auth.Authorizer;
import dev.entrepot.auth.Subject;
import dev.entrepot.blob.BlobIndex;
import dev.entrepot.event.Actor;
import dev.entrepot.http.Exchange;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Mounts: distribution-spec, "Mounting a blob from another repository". Whatever keeps a mount from
 * happening (no such blob, no such repository, no right to read it, nonsense) looks the same.
 */
@Singleton
class Mounts {
  /** How many holders of a blob are tried when the client names none. */
  private static final int MAX_HOLDERS = 100;

  private static final Set<Action> PULL = Set.of(Action.PULL);

  private final BlobIndex blobs;
  private final BlobStore store;
  private final Authorizer authorizer;

  Mounts(BlobIndex blobs, BlobStore store, Authorizer authorizer) {
    this.blobs = blobs;
    this.store = store;
    this.authorizer = authorizer;
  }

  /** Mounts the blob if it can be; its digest if so. */
  Optional<Digest> find(Exchange exchange, RepositoryName to, String mount) {
    Optional<Digest> digest = Digest.tryParse(mount);
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    return sources(exchange, digest.get()).stream()
        .filter(from -> mayRead(exchange, from))
        .filter(from -> mount(exchange.actor(), to, from, digest.get()))
        .findFirst()
        .map(from -> digest.get());
  }

  private boolean mount(Actor pusher, RepositoryName to, RepositoryName from, Digest digest) {
    return blobs.mount(to, from, pusher, digest, location -> location.isIn(store)).isPresent();
  }

  private List<RepositoryName> sources(Exchange exchange, Digest digest) {
    Optional<String> from = exchange.query("from");
    return from.isPresent()
        ? RepositoryName.tryParse(from.get()).stream().toList()
        : blobs.listHolders(digest, MAX_HOLDERS);
  }

  /** A token need not name what everybody may read. */
  private boolean mayRead(Exchange exchange, RepositoryName from) {
    return mayRead(exchange.subject(), from) || mayRead(Subject.ANONYMOUS, from);
  }

  private boolean mayRead(Subject subject, RepositoryName from) {
    return authorizer.decide(subject, PULL, from.value()).allows();
  }
}
