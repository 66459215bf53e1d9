package dev.entrepot.manifest;

import dev.entrepot.http.Conditions;
import dev.entrepot.http.Headers;
import dev.entrepot.http.Reply;
import dev.entrepot.storage.Digest;
import io.vertx.core.http.HttpHeaders;

/** A manifest as it is answered, its headers encoded once. */
final class CachedManifest {
  private static final String STALE = "299 - \"the database is away: the tag may have moved\"";

  private final StoredManifest manifest;
  private final String etag;
  private final Reply reply;
  private final long readNanos;

  /**
   * Makes the answer.
   *
   * @param readNanos when the database was asked, by {@link System#nanoTime}
   */
  CachedManifest(StoredManifest manifest, long readNanos) {
    this.readNanos = readNanos;
    this.manifest = manifest;
    this.etag = Conditions.etag(manifest.digest());
    this.reply = headers().body(manifest.mediaType(), manifest.content());
  }

  Digest digest() {
    return manifest.digest();
  }

  String etag() {
    return etag;
  }

  Reply reply() {
    return reply;
  }

  /** The answer while the database cannot be asked whether the tag has moved. */
  Reply staleReply() {
    return headers().header(Headers.WARNING, STALE).body(manifest.mediaType(), manifest.content());
  }

  /** When the database was asked for it. */
  long readNanos() {
    return readNanos;
  }

  int weight() {
    return manifest.content().length;
  }

  private Reply.Builder headers() {
    return Reply.status(200)
        .header(Headers.CONTENT_DIGEST, manifest.digest().toString())
        .header(HttpHeaders.ETAG, etag);
  }
}
