package dev.entrepot.upload;

import dev.entrepot.auth.Action;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.http.ContentRange;
import dev.entrepot.http.Digests;
import dev.entrepot.http.EndpointGroup;
import dev.entrepot.http.Endpoints;
import dev.entrepot.http.Exchange;
import dev.entrepot.http.Headers;
import dev.entrepot.http.Reply;
import dev.entrepot.http.Route;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v2/<name>/blobs/uploads/}: distribution-spec, "Pushing blobs". */
@Singleton
class UploadEndpoints implements EndpointGroup {
  private final UploadService service;
  private final UploadIds ids;
  private final Mounts mounts;
  private final long minChunk;

  UploadEndpoints(UploadService service, UploadIds ids, Mounts mounts, BlobStore store) {
    this.service = service;
    this.ids = ids;
    this.mounts = mounts;
    this.minChunk = store.minChunk();
  }

  @Override
  public void register(Endpoints endpoints) {
    endpoints
        .on(Route.UPLOADS, HttpMethod.POST, Action.PUSH, this::start)
        .on(Route.UPLOAD, HttpMethod.GET, Action.PUSH, this::status)
        .on(Route.UPLOAD, HttpMethod.PATCH, Action.PUSH, this::append)
        .on(Route.UPLOAD, HttpMethod.PUT, Action.PUSH, this::complete)
        .on(Route.UPLOAD, HttpMethod.DELETE, Action.PUSH, this::cancel);
  }

  private void start(Exchange exchange) {
    RepositoryName repository = exchange.repository();
    Optional<String> mount = exchange.query("mount");
    Optional<Digest> whole =
        exchange.query("digest").map(Digests::parse).filter(digest -> hasBody(exchange, digest));
    DigestAlgorithm algorithm =
        exchange
            .query("digest-algorithm")
            .map(UploadEndpoints::algorithm)
            .orElse(DigestAlgorithm.SHA256);
    if (mount.isPresent()) {
      exchange.offload(
          () ->
              mounts
                  .find(exchange, repository, mount.get())
                  .ifPresentOrElse(
                      digest -> exchange.send(created(exchange, digest)),
                      () -> exchange.send(started(exchange, repository, algorithm))));
    } else if (whole.isPresent()) {
      exchange.offload(
          () -> {
            service.pushWhole(repository, whole.get(), exchange);
            exchange.send(created(exchange, whole.get()));
          });
    } else {
      exchange.send(started(exchange, repository, algorithm));
    }
  }

  private void status(Exchange exchange) {
    UploadId id = id(exchange);
    exchange.offload(() -> exchange.send(progress(exchange, id, service.status(id), 204).empty()));
  }

  private void append(Exchange exchange) {
    UploadId id = id(exchange);
    ContentRange range = contentRange(exchange);
    exchange.offload(
        () ->
            telling(
                exchange,
                id,
                () -> {
                  long offset = service.append(id, range, exchange);
                  exchange.send(progress(exchange, id, offset, 202).empty());
                }));
  }

  private void complete(Exchange exchange) {
    UploadId id = id(exchange);
    ContentRange range = contentRange(exchange);
    Digest digest =
        Digests.parse(
            exchange
                .query("digest")
                .orElseThrow(
                    () ->
                        new RegistryException(
                            ErrorCode.DIGEST_INVALID, "the parameter digest is missing")));
    exchange.offload(
        () ->
            telling(
                exchange,
                id,
                () -> {
                  service.complete(id, digest, range, exchange);
                  exchange.skipBody(); // of a repeated request
                  exchange.send(created(exchange, digest));
                }));
  }

  private void cancel(Exchange exchange) {
    UploadId id = id(exchange);
    exchange.offload(
        () -> {
          service.cancel(id);
          exchange.send(Reply.status(204).empty());
        });
  }

  /** Adds to a refused offset where the upload stands. */
  private void telling(Exchange exchange, UploadId id, Runnable work) {
    try {
      work.run();
    } catch (WrongOffsetException e) {
      throw withProgress(exchange, id, e, e.offset());
    } catch (BusyException | LeaseLostException e) {
      throw withProgress(exchange, id, e, service.status(id));
    }
  }

  private RegistryException withProgress(
      Exchange exchange, UploadId id, RegistryException error, long offset) {
    return new RegistryException(
        error.code(),
        String.valueOf(error.getMessage()),
        Map.of("offset", offset),
        Map.of(
            "Location", location(exchange, id),
            "Range", range(offset),
            "Docker-Upload-UUID", id.uuid().toString()));
  }

  private Reply started(Exchange exchange, RepositoryName repository, DigestAlgorithm algorithm) {
    Reply.Builder reply = progress(exchange, service.start(repository, algorithm), 0, 202);
    if (minChunk > 0) {
      reply.header(Headers.OCI_CHUNK_MIN_LENGTH, Long.toString(minChunk));
    }
    return reply.empty();
  }

  private Reply.Builder progress(Exchange exchange, UploadId id, long offset, int status) {
    return Reply.status(status)
        .header(HttpHeaders.LOCATION, location(exchange, id))
        .header(Headers.RANGE, range(offset))
        .header(Headers.UPLOAD_UUID, id.uuid().toString());
  }

  private static Reply created(Exchange exchange, Digest digest) {
    return Reply.status(201)
        .header(HttpHeaders.LOCATION, "/v2/" + exchange.path().name() + "/blobs/" + digest)
        .header(Headers.CONTENT_DIGEST, digest.toString())
        .empty();
  }

  private String location(Exchange exchange, UploadId id) {
    return "/v2/" + exchange.path().name() + "/blobs/uploads/" + ids.format(id);
  }

  /** Docker's client takes nothing but {@code 0-0} for an empty upload. */
  private static String range(long offset) {
    return "0-" + Math.max(0, offset - 1);
  }

  private UploadId id(Exchange exchange) {
    return ids.parse(exchange.path().argument(), exchange.repository());
  }

  private static @Nullable ContentRange contentRange(Exchange exchange) {
    String header = exchange.header(HttpHeaders.CONTENT_RANGE);
    return header == null ? null : ContentRange.parse(header);
  }

  private static DigestAlgorithm algorithm(String label) {
    return DigestAlgorithm.find(label)
        .orElseThrow(
            () ->
                new RegistryException(
                    ErrorCode.DIGEST_INVALID,
                    "unsupported digest algorithm",
                    Map.of("supported", "sha256, sha512")));
  }

  /** A client that names the digest but sends no body means to send it later. */
  private static boolean hasBody(Exchange exchange, Digest digest) {
    return exchange.declaredLength().orElse(1L) > 0
        || digest.equals(Digest.ofContent(digest.algorithm(), new byte[0]));
  }
}
