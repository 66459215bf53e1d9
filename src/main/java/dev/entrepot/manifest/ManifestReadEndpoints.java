package dev.entrepot.manifest;

import dev.entrepot.auth.Action;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.http.Digests;
import dev.entrepot.http.EndpointGroup;
import dev.entrepot.http.Endpoints;
import dev.entrepot.http.Exchange;
import dev.entrepot.http.Route;
import dev.entrepot.oci.Reference;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;

/**
 * {@code GET} and {@code HEAD} of {@code /v2/<name>/manifests/<tag-or-digest>}: distribution-spec,
 * "Pulling manifests". What is stored is what is sent, whatever {@code Accept} says.
 */
@Singleton
class ManifestReadEndpoints implements EndpointGroup {
  private final ManifestCache cache;

  ManifestReadEndpoints(ManifestCache cache) {
    this.cache = cache;
  }

  @Override
  public void register(Endpoints endpoints) {
    endpoints.on(Route.MANIFEST, HttpMethod.GET, Action.PULL, this::get);
  }

  private void get(Exchange exchange) {
    RepositoryName repository = exchange.repository();
    Reference reference = reference(exchange.path().argument());
    CachedManifest hit = cache.peek(repository, reference, promises(exchange));
    if (hit != null) {
      exchange.sendUnlessMatched(hit.reply(), hit.etag());
      return;
    }
    CachedManifest stale = cache.peekStale(repository, reference);
    if (stale != null) {
      exchange.sendUnlessMatched(stale.staleReply(), stale.etag());
    } else {
      exchange.offload(() -> answerFromDatabase(exchange, repository, reference));
    }
  }

  private void answerFromDatabase(
      Exchange exchange, RepositoryName repository, Reference reference) {
    try {
      CachedManifest manifest = cache.get(repository, reference, promises(exchange));
      exchange.sendUnlessMatched(manifest.reply(), manifest.etag());
    } catch (RegistryException e) {
      CachedManifest stale =
          e.code() == ErrorCode.UNAVAILABLE ? cache.findStale(repository, reference) : null;
      if (stale == null) {
        throw e;
      }
      exchange.sendUnlessMatched(stale.staleReply(), stale.etag());
    }
  }

  /** Who hears of a manifest by a HEAD does not push it again. */
  private static boolean promises(Exchange exchange) {
    return exchange.method() == HttpMethod.HEAD;
  }

  /** A text that can be no tag names nothing here: unknown, as clients expect of a GET. */
  private static Reference reference(String text) {
    return text.indexOf(':') >= 0
        ? new Reference.ByDigest(Digests.parse(text))
        : new Reference.ByTag(
            TagName.tryParse(text).orElseThrow(() -> ManifestCache.unknown(text)));
  }
}
