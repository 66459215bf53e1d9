package dev.entrepot.blob;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.RedirectConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.http.AddressRanges;
import dev.entrepot.http.Headers;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageKey;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Decides which pulls of blobs are answered by sending the client on to where the bytes are. */
@Singleton
class BlobRedirects {
  /** Smaller blobs cost less than the second request would. */
  static final long MIN_SIZE = 64 * 1024;

  private static final StorageKey SAMPLE = new StorageKey("blobs/sample");

  private final @Nullable BlobUrls urls;
  private final @Nullable AddressRanges networks;
  private final AddressRanges exceptNetworks;
  private final RedirectConfig settings;
  private final String ownUrl;
  private final AtomicBoolean warned = new AtomicBoolean();

  BlobRedirects(EntrepotConfig config, BlobStore store) {
    this.settings = config.storage().redirect();
    this.ownUrl = config.http().publicUrl().orElse("http://" + config.http().host());
    this.urls = settings.enabled() ? urls(config, store) : null;
    this.networks = settings.networks().map(list -> ranges("networks", list)).orElse(null);
    this.exceptNetworks = ranges("except-networks", settings.exceptNetworks().orElse(List.of()));
  }

  private static @Nullable BlobUrls urls(EntrepotConfig config, BlobStore store) {
    Optional<BlobUrls> cdn = CdnUrls.of(config.storage().redirect().cdn(), InstantSource.system());
    // A CDN has none of the blobs that are still in another store.
    if (cdn.isPresent() && config.storage().previous().type().isEmpty()) {
      return cdn.get();
    }
    return config.storage().s3().publicEndpoint().isPresent() ? store::presign : null;
  }

  /** Says at once what would else be found out at the first pull. */
  void start(@Observes StartupEvent event) {
    if (urls != null) {
      urls.url(SAMPLE, read(SAMPLE.value())).ifPresent(url -> takesCredentials(url, ownUrl));
    }
  }

  private static AddressRanges ranges(String setting, List<String> ranges) {
    try {
      return AddressRanges.of(ranges);
    } catch (IllegalArgumentException e) {
      throw new StartupException("entrepot.storage.redirect." + setting + ": " + e.getMessage(), e);
    }
  }

  /**
   * Where to send a client for the whole of a blob; empty when it gets the bytes from here.
   *
   * @param client its address
   * @param registry the URL that it knows this server by
   */
  Optional<URI> find(String client, String registry, Digest digest, BlobLocation blob) {
    if (urls == null || blob.size() < MIN_SIZE || !isSentOn(client)) {
      return Optional.empty();
    }
    return urls.url(blob.key(), read(digest.toString().replace(':', '-')))
        .filter(url -> !takesCredentials(url, registry));
  }

  /** A browser saves it and never shows it: nobody gets to put a page at the store's address. */
  private PresignedRead read(String fileName) {
    return new PresignedRead(
        settings.urlLife(), Headers.OCTET_STREAM.toString(), Optional.of(fileName));
  }

  private boolean isSentOn(String client) {
    return (networks == null || networks.contains(client)) && !exceptNetworks.contains(client);
  }

  /**
   * Clients written in Go repeat the Authorization header to the same host and hosts below it, and
   * a store refuses a request that is signed in the URL and there.
   */
  private boolean takesCredentials(URI url, String registry) {
    String host = host(url);
    String own = host(URI.create(registry));
    boolean takes = host.equals(own) || host.endsWith("." + own);
    if (takes && warned.compareAndSet(false, true)) {
      Log.warnf(
          "pulls are not redirected to %s, which is the registry's own host %s or below it: clients"
              + " would send their credentials along, which stores refuse. Give the store a name"
              + " elsewhere",
          host, own);
    }
    return takes;
  }

  private static String host(URI url) {
    return String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
  }
}
