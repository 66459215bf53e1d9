package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request must not say of itself. Somebody in between may have understood it otherwise, and
 * then takes what follows on the connection for another request than we do: RFC 9112, 11.2.
 */
final class RequestHead {
  private RequestHead() {}

  /** The first fault; null when there is none. */
  static @Nullable RegistryException fault(HttpServerRequest request) {
    HttpVersion version = request.version();
    if (version == null) {
      return invalid("the HTTP version is not supported", null);
    }
    if (version == HttpVersion.HTTP_2) {
      return null;
    }
    String coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
    if (coding != null && !coding.strip().equalsIgnoreCase("chunked")) {
      return invalid("Transfer-Encoding is not chunked", Map.of("Transfer-Encoding", coding));
    }
    if (coding != null && version == HttpVersion.HTTP_1_0) {
      return invalid("HTTP/1.0 has no Transfer-Encoding", Map.of("Transfer-Encoding", coding));
    }
    if (request.headers().getAll(HttpHeaders.HOST).size() > 1) {
      return invalid("there is more than one Host", null);
    }
    return null;
  }

  private static RegistryException invalid(String message, @Nullable Object detail) {
    return new RegistryException(ErrorCode.HEADER_INVALID, message, detail);
  }
}
