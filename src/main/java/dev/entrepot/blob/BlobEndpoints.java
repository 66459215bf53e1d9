package dev.entrepot.blob;

import dev.entrepot.auth.Action;
import dev.entrepot.http.Digests;
import dev.entrepot.http.EndpointGroup;
import dev.entrepot.http.Endpoints;
import dev.entrepot.http.Exchange;
import dev.entrepot.http.Headers;
import dev.entrepot.http.RangeHeader;
import dev.entrepot.http.Reply;
import dev.entrepot.http.ResponseStream;
import dev.entrepot.http.Route;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageException;
import io.quarkus.logging.Log;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/** {@code /v2/<name>/blobs/<digest>}: distribution-spec, "Pulling blobs", "Deleting Blobs". */
@Singleton
class BlobEndpoints implements EndpointGroup {
  private final BlobCache cache;
  private final BlobIndex index;
  private final BlobStore store;
  private final BlobRedirects redirects;

  BlobEndpoints(BlobCache cache, BlobIndex index, BlobStore store, BlobRedirects redirects) {
    this.cache = cache;
    this.index = index;
    this.store = store;
    this.redirects = redirects;
  }

  @Override
  public void register(Endpoints endpoints) {
    endpoints
        .on(Route.BLOB, HttpMethod.GET, Action.PULL, this::get)
        .on(Route.BLOB, HttpMethod.DELETE, Action.DELETE, this::delete);
  }

  private void get(Exchange exchange) {
    RepositoryName repository = exchange.repository();
    Digest digest = Digests.parse(exchange.path().argument());
    CachedBlob hit = cache.peek(repository, digest);
    if (hit != null && hit.content() != null && mayAnswer(exchange, hit)) {
      answer(exchange, hit);
    } else {
      exchange.offload(() -> answerFromStore(exchange, repository, digest));
    }
  }

  /** A HEAD is a promise: whoever hears of the blob does not push it again. */
  private boolean mayAnswer(Exchange exchange, CachedBlob blob) {
    return exchange.method() != HttpMethod.HEAD || cache.isPromised(blob);
  }

  private void answerFromStore(Exchange exchange, RepositoryName repository, Digest digest) {
    try {
      CachedBlob blob = cache.get(repository, digest);
      answerIfThere(exchange, mayAnswer(exchange, blob) ? blob : cache.reread(repository, digest));
    } catch (StorageException.NotFound stale) {
      try {
        // The row in memory may be older than a new copy of the bytes: ask once more.
        answerIfThere(exchange, cache.reread(repository, digest));
      } catch (StorageException.NotFound lost) {
        Log.errorf(
            "bytes of a blob are lost: %s requestId=%s", lost.getMessage(), exchange.requestId());
        throw BlobCache.unknown(digest); // what makes clients push it again
      }
    }
  }

  /**
   * Looks for the bytes first: always at a HEAD, which is a promise, and once a minute at a GET,
   * which many clients send for the same blob.
   */
  private void answerIfThere(Exchange exchange, CachedBlob blob) {
    if (blob.content() == null && !(exchange.method() == HttpMethod.GET && blob.wasSeen())) {
      blob.look(store);
    }
    answer(exchange, blob);
  }

  private void answer(Exchange exchange, CachedBlob blob) {
    if (exchange.method() == HttpMethod.HEAD || exchange.notModified(blob.etag())) {
      exchange.sendUnlessMatched(blob.whole(), blob.etag());
      return;
    }
    Optional<ByteRange> range =
        Optional.ofNullable(exchange.header(Headers.RANGE))
            .filter(header -> exchange.rangeApplies(blob.etag()))
            .flatMap(header -> RangeHeader.resolve(header, blob.location().size()));
    Optional<URI> elsewhere = elsewhere(exchange, blob);
    if (elsewhere.isPresent()) {
      exchange.send(blob.at(elsewhere.get()));
    } else if (range.isPresent()) {
      sendPart(exchange, blob, range.get());
    } else if (blob.content() != null) {
      exchange.send(blob.whole());
    } else {
      send(exchange, blob.whole(), blob, new ByteRange(0, blob.location().size()));
    }
  }

  /**
   * Where the client shall get the bytes. A store has other tags, so If-Range means nothing to it.
   */
  private Optional<URI> elsewhere(Exchange exchange, CachedBlob blob) {
    return blob.content() != null || exchange.header(Headers.IF_RANGE) != null
        ? Optional.empty()
        : redirects.find(
            exchange.clientAddress(), exchange.serverUrl(), blob.digest(), blob.location());
  }

  private void sendPart(Exchange exchange, CachedBlob blob, ByteRange range) {
    byte[] content = blob.content();
    if (content != null) {
      int from = (int) range.offset();
      byte[] part = Arrays.copyOfRange(content, from, from + (int) range.length());
      exchange.send(blob.partial(range).body(Headers.OCTET_STREAM, part));
    } else {
      Reply head =
          blob.partial(range)
              .header(HttpHeaders.CONTENT_TYPE, Headers.OCTET_STREAM)
              .header(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()))
              .withoutBody();
      send(exchange, head, blob, range);
    }
  }

  private void send(Exchange exchange, Reply head, CachedBlob blob, ByteRange range) {
    BlobContent content = store.open(blob.location().key(), range);
    if (content.file().isPresent()) {
      String file = content.file().get().toString();
      content.close();
      exchange.sendFile(head, file, range.offset(), range.length());
    } else {
      exchange.sendStream(head, new OpenBody(content));
    }
  }

  private void delete(Exchange exchange) {
    RepositoryName repository = exchange.repository();
    Digest digest = Digests.parse(exchange.path().argument());
    exchange.offload(
        () -> {
          index.unlink(repository, digest, exchange.actor());
          exchange.send(
              Reply.status(202).header(Headers.CONTENT_DIGEST, digest.toString()).empty());
        });
  }

  /** A blob's bytes on their way from the store, which holds a connection for them. */
  private record OpenBody(BlobContent content) implements ResponseStream.Writer {
    @Override
    public void write(OutputStream out) throws IOException {
      try (content;
          InputStream in = content.stream()) {
        in.transferTo(out);
      }
    }

    @Override
    public void cancel() {
      content.close();
    }
  }
}
