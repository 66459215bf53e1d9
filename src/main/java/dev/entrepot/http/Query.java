package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;

/** The parameters of a request's query, or an answer that says what is wrong with it. */
final class Query {
  /** Vert.x does not see further ones. */
  private static final int MAX_PARAMETERS = 1024;

  private Query() {}

  /** All values of a parameter, in order. No value holds a NUL: no text of ours can. */
  static List<String> all(HttpServerRequest request, String name) {
    List<String> values = parameters(request).getAll(name);
    for (String value : values) {
      if (value.indexOf('\0') >= 0) {
        throw new RegistryException(
            ErrorCode.HEADER_INVALID, "a parameter holds a NUL", Map.of("name", name));
      }
    }
    return values;
  }

  private static MultiMap parameters(HttpServerRequest request) {
    String text = request.query();
    if (text != null && text.chars().filter(c -> c == '&' || c == ';').count() >= MAX_PARAMETERS) {
      throw new RegistryException(ErrorCode.HEADER_INVALID, "the query has too many parameters");
    }
    try {
      return request.params();
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.HEADER_INVALID, "the query has a malformed escape");
    }
  }
}
