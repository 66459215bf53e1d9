package dev.entrepot.referrer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.entrepot.auth.Action;
import dev.entrepot.http.Digests;
import dev.entrepot.http.EndpointGroup;
import dev.entrepot.http.Endpoints;
import dev.entrepot.http.Exchange;
import dev.entrepot.http.Headers;
import dev.entrepot.http.Reply;
import dev.entrepot.http.Route;
import dev.entrepot.oci.MediaTypes;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v2/<name>/referrers/<digest>}: distribution-spec, "Listing Referrers". */
@Singleton
class ReferrerEndpoint implements EndpointGroup {
  private static final JsonFactory JSON = new JsonFactory();

  private final ReferrerService referrers;

  ReferrerEndpoint(ReferrerService referrers) {
    this.referrers = referrers;
  }

  @Override
  public void register(Endpoints endpoints) {
    endpoints.on(Route.REFERRERS, HttpMethod.GET, Action.PULL, this::list);
  }

  private void list(Exchange exchange) {
    RepositoryName repository = exchange.repository();
    Digest subject = Digests.parse(exchange.path().argument());
    String type = exchange.query("artifactType").filter(text -> !text.isEmpty()).orElse(null);
    Digest last = exchange.query("last").map(Digests::parse).orElse(null);
    exchange.offload(
        () -> {
          ReferrerService.Page page = referrers.list(repository, subject, type, last);
          Reply.Builder reply = Reply.status(200);
          if (type != null) {
            reply.header(Headers.OCI_FILTERS_APPLIED, "artifactType");
          }
          if (page.more()) {
            reply.header(Headers.LINK, link(exchange, type, page.referrers().getLast().digest()));
          }
          exchange.send(reply.body(MediaTypes.OCI_INDEX, index(page.referrers())));
        });
  }

  private static String link(Exchange exchange, @Nullable String type, Digest last) {
    String filter =
        type == null ? "" : "artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8) + "&";
    return "</v2/%s/referrers/%s?%slast=%s>; rel=\"next\""
        .formatted(exchange.path().name(), exchange.path().argument(), filter, last);
  }

  private static byte[] index(List<Referrer> referrers) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("schemaVersion", 2);
      json.writeStringField("mediaType", MediaTypes.OCI_INDEX);
      json.writeArrayFieldStart("manifests");
      for (Referrer referrer : referrers) {
        write(json, referrer);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Referrer referrer) throws IOException {
    json.writeStartObject();
    json.writeStringField("mediaType", referrer.mediaType());
    json.writeStringField("digest", referrer.digest().toString());
    json.writeNumberField("size", referrer.size());
    if (referrer.artifactType() != null) {
      json.writeStringField("artifactType", referrer.artifactType());
    }
    if (referrer.annotations() != null) {
      json.writeFieldName("annotations");
      json.writeRawValue(referrer.annotations());
    }
    json.writeEndObject();
  }
}
