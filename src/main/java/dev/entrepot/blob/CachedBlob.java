package dev.entrepot.blob;

import dev.entrepot.http.Conditions;
import dev.entrepot.http.Headers;
import dev.entrepot.http.Reply;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import io.vertx.core.http.HttpHeaders;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A blob as it is answered. The content is in memory when it is small. */
final class CachedBlob {
  private static final long SEEN_NANOS = Duration.ofMinutes(1).toNanos();

  private final Digest digest;
  private final String etag;
  private final BlobLocation location;
  private final Reply whole;
  private final byte @Nullable [] content;
  private final long readNanos;
  private volatile long believedUntilNanos;

  /**
   * Makes the answers.
   *
   * @param readNanos when the database was asked, by {@link System#nanoTime}
   */
  CachedBlob(Digest digest, BlobLocation location, byte @Nullable [] content, long readNanos) {
    this.readNanos = readNanos;
    this.believedUntilNanos = readNanos;
    this.digest = digest;
    this.etag = Conditions.etag(digest);
    this.location = location;
    this.content = content;
    this.whole =
        content == null
            ? headers(200)
                .header(HttpHeaders.CONTENT_TYPE, Headers.OCTET_STREAM)
                .header(HttpHeaders.CONTENT_LENGTH, Long.toString(location.size()))
                .withoutBody()
            : headers(200).body(Headers.OCTET_STREAM, content);
  }

  long readNanos() {
    return readNanos;
  }

  /** Whether the store had the bytes when it was asked within the last minute. */
  boolean wasSeen() {
    return System.nanoTime() - believedUntilNanos < 0;
  }

  /**
   * Makes sure that the store has the bytes now, and remembers that.
   *
   * @throws StorageException.NotFound when it has lost them
   */
  void look(BlobStore store) {
    long now = System.nanoTime();
    location.requireIn(store);
    believedUntilNanos = now + SEEN_NANOS;
  }

  Digest digest() {
    return digest;
  }

  BlobLocation location() {
    return location;
  }

  String etag() {
    return etag;
  }

  byte @Nullable [] content() {
    return content;
  }

  int weight() {
    return content == null ? 0 : content.length;
  }

  /** The answer to a HEAD, and to a GET where {@link #content()} is in memory. */
  Reply whole() {
    return whole;
  }

  /** Status and headers of a part. */
  Reply.Builder partial(ByteRange range) {
    return headers(206)
        .header(
            HttpHeaders.CONTENT_RANGE,
            "bytes " + range.offset() + "-" + range.last() + "/" + location.size());
  }

  /** The answer that sends a client on. It is for this client, and for as long as the URL works. */
  Reply at(URI elsewhere) {
    return Reply.status(307)
        .header(HttpHeaders.LOCATION, elsewhere.toString())
        .header(Headers.CONTENT_DIGEST, digest.toString())
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .empty();
  }

  private Reply.Builder headers(int status) {
    return Reply.status(status)
        .header(Headers.CONTENT_DIGEST, digest.toString())
        .header(HttpHeaders.ETAG, etag)
        .header(HttpHeaders.ACCEPT_RANGES, "bytes")
        .header(HttpHeaders.CACHE_CONTROL, "private, max-age=31536000, immutable");
  }
}
