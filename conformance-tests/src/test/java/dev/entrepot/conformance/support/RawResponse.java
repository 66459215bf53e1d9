package dev.entrepot.conformance.support;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer as it stood on the wire.
 *
 * @param status the status code
 * @param headers name and value in the order received, names as written
 * @param body the body, its transfer encoding removed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RawResponse(int status, List<Map.Entry<String, String>> headers, byte[] body) {
  /** The first header of that name, in any case. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
