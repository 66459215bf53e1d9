package dev.entrepot.manifest;

import dev.entrepot.auth.Action;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.http.Digests;
import dev.entrepot.http.EndpointGroup;
import dev.entrepot.http.Endpoints;
import dev.entrepot.http.Exchange;
import dev.entrepot.http.Headers;
import dev.entrepot.http.Reply;
import dev.entrepot.http.Route;
import dev.entrepot.oci.Reference;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code PUT} and {@code DELETE} of {@code /v2/<name>/manifests/<tag-or-digest>}:
 * distribution-spec, "Pushing Manifests", "Deleting tags", "Deleting Manifests".
 */
@Singleton
class ManifestWriteEndpoints implements EndpointGroup {
  private final ManifestService manifests;
  private final TaggedManifests tags;
  private final long maxSize;

  ManifestWriteEndpoints(ManifestService manifests, TaggedManifests tags, EntrepotConfig config) {
    this.manifests = manifests;
    this.tags = tags;
    this.maxSize = config.manifest().maxSize().asLongValue();
  }

  @Override
  public void register(Endpoints endpoints) {
    endpoints
        .on(Route.MANIFEST, HttpMethod.PUT, Action.PUSH, Set.of(Action.RETAG), this::put)
        .on(Route.MANIFEST, HttpMethod.DELETE, Action.DELETE, this::delete);
  }

  private void put(Exchange exchange) {
    RepositoryName repository = exchange.repository();
    Reference reference = reference(exchange.path().argument());
    Digest expected = reference instanceof Reference.ByDigest by ? by.digest() : null;
    List<TagName> names = tags(exchange, reference);
    Precondition precondition =
        Precondition.of(
            exchange.header(HttpHeaders.IF_MATCH), exchange.header(HttpHeaders.IF_NONE_MATCH));
    exchange.offload(
        () -> {
          ManifestPush push =
              new ManifestPush(
                  repository,
                  expected,
                  names,
                  exchange.header(HttpHeaders.CONTENT_TYPE),
                  exchange.readBody(maxSize, tooLarge()),
                  precondition,
                  exchange.may(Action.RETAG),
                  exchange.actor());
          exchange.send(created(exchange, manifests.push(push)));
        });
  }

  private void delete(Exchange exchange) {
    RepositoryName repository = exchange.repository();
    Reference reference = reference(exchange.path().argument());
    Actor actor = exchange.actor();
    exchange.offload(
        () -> {
          switch (reference) {
            case Reference.ByTag(TagName tag) -> tags.delete(repository, tag, actor);
            case Reference.ByDigest(Digest digest) ->
                manifests.delete(new ManifestDeletion(repository, digest, actor));
          }
          exchange.send(Reply.status(202).empty());
        });
  }

  private static Reference reference(String text) {
    return text.indexOf(':') >= 0
        ? new Reference.ByDigest(Digests.parse(text))
        : new Reference.ByTag(tag(text));
  }

  private static List<TagName> tags(Exchange exchange, Reference reference) {
    List<TagName> named =
        exchange.queryAll("tag").stream().map(ManifestWriteEndpoints::tag).distinct().toList();
    if (reference instanceof Reference.ByTag(TagName tag)) {
      if (!named.isEmpty()) {
        throw new RegistryException(
            ErrorCode.TAG_INVALID, "the parameter tag goes with a push by digest");
      }
      return List.of(tag);
    }
    return named;
  }

  private static TagName tag(String text) {
    return TagName.tryParse(text)
        .orElseThrow(
            () ->
                new RegistryException(
                    ErrorCode.TAG_INVALID, ErrorCode.TAG_INVALID.message(), Map.of("tag", text)));
  }

  private static Reply created(Exchange exchange, PushedManifest pushed) {
    Reply.Builder reply =
        Reply.status(201)
            .header(
                HttpHeaders.LOCATION,
                "/v2/" + exchange.path().name() + "/manifests/" + pushed.digest())
            .header(Headers.CONTENT_DIGEST, pushed.digest().toString());
    Digest subject = pushed.subject();
    if (subject != null) {
      reply.header(Headers.OCI_SUBJECT, subject.toString());
    }
    pushed.tags().forEach(tag -> reply.header(Headers.OCI_TAG, tag.value()));
    return reply.empty();
  }

  private RegistryException tooLarge() {
    return new RegistryException(
        ErrorCode.MANIFEST_TOO_LARGE,
        ErrorCode.MANIFEST_TOO_LARGE.message(),
        Map.of("limit", maxSize));
  }
}
