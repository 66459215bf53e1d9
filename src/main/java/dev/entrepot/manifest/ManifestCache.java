package dev.entrepot.manifest;

import dev.entrepot.cache.ContentFeed;
import dev.entrepot.cache.GuardedCache;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.ContentChange;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.oci.Reference;
import dev.entrepot.oci.RepositoryName;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Manifests as they are answered, by digest and by tag. What is in memory is true as of when it was
 * read, or as of when the changes of all servers were read last.
 */
@Singleton
class ManifestCache implements ContentEvents.Listener {
  private static final int ENTRY_OVERHEAD = 1200;

  record Key(RepositoryName repository, Reference reference) {}

  private final GuardedCache<Key, CachedManifest> cache;
  private final ManifestService manifests;
  private final TaggedManifests tags;
  private final ContentFeed feed;
  private final long tagMaxAgeNanos;
  private final long promiseNanos;

  ManifestCache(
      ManifestService manifests,
      TaggedManifests tags,
      ContentFeed feed,
      EntrepotConfig config,
      MeterRegistry metrics) {
    this.manifests = manifests;
    this.tags = tags;
    this.feed = feed;
    this.tagMaxAgeNanos = config.cache().tagMaxAge().toNanos();
    this.promiseNanos = config.gc().grace().toNanos() / 2;
    this.cache =
        new GuardedCache<>(
            "manifests",
            config.cache().maxBytes().asLongValue() / 2,
            (key, manifest) -> ENTRY_OVERHEAD + manifest.weight(),
            metrics);
  }

  /**
   * The manifest in memory, when it may be answered; null when {@link #get} must be asked.
   *
   * @param promise whether the manifest is to stay for the grace time because of this answer: what
   *     was read long ago may have been condemned since, and asking the database revives it
   */
  @Nullable CachedManifest peek(RepositoryName repository, Reference reference, boolean promise) {
    CachedManifest hit = cache.peek(new Key(repository, reference));
    return hit != null && isFresh(reference, hit, promise) ? hit : null;
  }

  /** The manifest, from the database where need be; MANIFEST_UNKNOWN when there is none. */
  CachedManifest get(RepositoryName repository, Reference reference, boolean promise) {
    CachedManifest hit = peek(repository, reference, promise);
    CachedManifest found =
        hit != null ? hit : cache.reload(new Key(repository, reference), this::load);
    if (found == null) {
      throw unknown(reference);
    }
    return found;
  }

  /** What memory has, while it is no use to ask the database; null when it may be asked. */
  @Nullable CachedManifest peekStale(RepositoryName repository, Reference reference) {
    return feed.isAway() ? findStale(repository, reference) : null;
  }

  /** What memory has, however old within bounds: for while the database is away. */
  @Nullable CachedManifest findStale(RepositoryName repository, Reference reference) {
    CachedManifest hit = cache.peek(new Key(repository, reference));
    return hit != null && feed.isUsable(hit.readNanos()) ? hit : null;
  }

  @Override
  public void on(ContentEvent event) {
    switch (event) {
      case ContentEvent.TagMoved(var repository, var tag, var from, var to) ->
          cache.invalidate(new Key(repository, new Reference.ByTag(tag)));
      case ContentEvent.ManifestDeleted(var repository, var digest) ->
          cache.invalidate(new Key(repository, new Reference.ByDigest(digest)));
      case ContentEvent.Outdated(ContentChange.OfTag(var repository, var tag)) ->
          cache.invalidate(new Key(repository, new Reference.ByTag(tag)));
      case ContentEvent.Outdated(ContentChange.OfDigest(var repository, var digest)) ->
          cache.invalidate(new Key(repository, new Reference.ByDigest(digest)));
      case ContentEvent.Outdated(ContentChange.OfRepository(var repository)) ->
          cache.invalidateIf(key -> key.repository().equals(repository));
      case ContentEvent.RepositoryDeleted(var repository) ->
          cache.invalidateIf(key -> key.repository().equals(repository));
      case ContentEvent.OutcomeUnknown e -> {} // nothing is fresh then: ContentFeed
      case ContentEvent.ManifestPushed e -> {}
      case ContentEvent.BlobLinked e -> {}
      case ContentEvent.BlobUnlinked e -> {}
    }
  }

  /** What a tag points to is not condemned. */
  private boolean isFresh(Reference reference, CachedManifest manifest, boolean promise) {
    return switch (reference) {
      case Reference.ByTag tag -> feed.isFresh(manifest.readNanos(), tagMaxAgeNanos);
      case Reference.ByDigest digest ->
          feed.isFresh(manifest.readNanos()) && (!promise || isPromised(manifest));
    };
  }

  private boolean isPromised(CachedManifest manifest) {
    return System.nanoTime() - manifest.readNanos() < promiseNanos;
  }

  private @Nullable CachedManifest load(Key key) {
    long begun = System.nanoTime();
    Optional<StoredManifest> found =
        switch (key.reference()) {
          case Reference.ByDigest(var digest) -> manifests.find(key.repository(), digest);
          case Reference.ByTag(var tag) -> tags.findManifest(key.repository(), tag);
        };
    return found.map(manifest -> new CachedManifest(manifest, begun)).orElse(null);
  }

  static RegistryException unknown(Object reference) {
    return new RegistryException(
        ErrorCode.MANIFEST_UNKNOWN,
        ErrorCode.MANIFEST_UNKNOWN.message(),
        Map.of("reference", reference.toString()));
  }
}
