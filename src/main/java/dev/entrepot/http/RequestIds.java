package dev.entrepot.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Request ids: the caller's own, where it sends a sane one, else 16 random hex digits. */
final class RequestIds {
  private static final int MAX_LENGTH = 64;

  private RequestIds() {}

  static String of(HttpServerRequest request) {
    String given = request.getHeader(Headers.REQUEST_ID);
    return given != null && isSane(given)
        ? given
        : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  private static boolean isSane(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!(Character.isLetterOrDigit(c) && c < 128) && "._-:".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
