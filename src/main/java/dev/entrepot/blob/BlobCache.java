package dev.entrepot.blob;

import dev.entrepot.cache.ContentFeed;
import dev.entrepot.cache.GuardedCache;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.ContentChange;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Blobs as they are answered: small ones whole, large ones by their place. */
@Singleton
class BlobCache implements ContentEvents.Listener {
  /** What an entry costs beside the content: keys, headers, the cache's own nodes. */
  private static final int ENTRY_OVERHEAD = 1200;

  record Key(RepositoryName repository, Digest digest) {}

  private final GuardedCache<Key, CachedBlob> cache;
  private final BlobIndex index;
  private final BlobStore store;
  private final ContentFeed feed;
  private final long smallBlobMaxSize;
  private final long promiseNanos;

  BlobCache(
      BlobIndex index,
      BlobStore store,
      ContentFeed feed,
      EntrepotConfig config,
      MeterRegistry metrics) {
    this.index = index;
    this.store = store;
    this.feed = feed;
    this.smallBlobMaxSize = config.cache().smallBlobMaxSize().asLongValue();
    this.promiseNanos = config.gc().grace().toNanos() / 2;
    this.cache =
        new GuardedCache<>(
            "blobs",
            config.cache().maxBytes().asLongValue() / 2,
            (key, blob) -> ENTRY_OVERHEAD + blob.weight(),
            metrics);
  }

  /** The blob in memory; null when {@link #get} must be asked. Never blocks. */
  @Nullable CachedBlob peek(RepositoryName repository, Digest digest) {
    CachedBlob hit = cache.peek(new Key(repository, digest));
    return hit != null && feed.isFresh(hit.readNanos()) ? hit : null;
  }

  /**
   * The blob; BLOB_UNKNOWN when the repository does not hold it.
   *
   * @throws StorageException.NotFound when the bytes of a small one are lost
   */
  CachedBlob get(RepositoryName repository, Digest digest) {
    CachedBlob hit = peek(repository, digest);
    if (hit != null) {
      return hit;
    }
    try {
      return reread(repository, digest);
    } catch (RegistryException e) {
      CachedBlob old = cache.peek(new Key(repository, digest));
      if (e.code() == ErrorCode.UNAVAILABLE && old != null && feed.isUsable(old.readNanos())) {
        return old;
      }
      throw e;
    }
  }

  /**
   * Whether a client may be told that the blob is there, and stays for the grace time. What was
   * read long ago may have been condemned since: the database has to be asked, and revives it.
   */
  boolean isPromised(CachedBlob blob) {
    return System.nanoTime() - blob.readNanos() < promiseNanos;
  }

  /** Like {@link #get}, asking the database: the bytes were not where memory said, for one. */
  CachedBlob reread(RepositoryName repository, Digest digest) {
    return known(cache.reload(new Key(repository, digest), this::load), digest);
  }

  @Override
  public void on(ContentEvent event) {
    switch (event) {
      case ContentEvent.BlobUnlinked(var repository, var digest) ->
          cache.invalidate(new Key(repository, digest));
      case ContentEvent.RepositoryDeleted(var repository) ->
          cache.invalidateIf(key -> key.repository().equals(repository));
      case ContentEvent.Outdated(ContentChange.OfDigest(var repository, var digest)) ->
          cache.invalidate(new Key(repository, digest));
      case ContentEvent.Outdated(ContentChange.OfRepository(var repository)) ->
          cache.invalidateIf(key -> key.repository().equals(repository));
      case ContentEvent.Outdated(ContentChange.OfTag tag) -> {}
      case ContentEvent.OutcomeUnknown e -> {} // nothing is fresh then: ContentFeed
      case ContentEvent.BlobLinked e -> {}
      case ContentEvent.ManifestPushed e -> {}
      case ContentEvent.ManifestDeleted e -> {}
      case ContentEvent.TagMoved e -> {}
    }
  }

  private @Nullable CachedBlob load(Key key) {
    long begun = System.nanoTime();
    return index
        .find(key.repository(), key.digest())
        .map(location -> new CachedBlob(key.digest(), location, smallContent(location), begun))
        .orElse(null);
  }

  private byte @Nullable [] smallContent(BlobLocation location) {
    if (location.size() > smallBlobMaxSize) {
      return null;
    }
    location.requireIn(store);
    try (BlobContent content = store.open(location.key(), new ByteRange(0, location.size()))) {
      return content.stream().readAllBytes();
    } catch (IOException e) {
      throw new StorageException.Unavailable("cannot read " + location.key(), e);
    }
  }

  private static CachedBlob known(@Nullable CachedBlob blob, Digest digest) {
    if (blob == null) {
      throw unknown(digest);
    }
    return blob;
  }

  static RegistryException unknown(Digest digest) {
    return new RegistryException(
        ErrorCode.BLOB_UNKNOWN,
        ErrorCode.BLOB_UNKNOWN.message(),
        Map.of("digest", digest.toString()));
  }
}
