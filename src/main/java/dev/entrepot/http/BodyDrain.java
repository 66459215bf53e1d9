package dev.entrepot.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Reads and drops what a refused request still sends: a client that writes before it reads (Go's
 * among them) sees the error instead of a broken pipe. Bounded in bytes and time; then the
 * connection, or the HTTP/2 stream, is closed.
 */
final class BodyDrain {
  private final HttpServerRequest request;
  private final HttpSettings settings;
  private long dropped;
  private boolean over;

  BodyDrain(HttpServerRequest request, HttpSettings settings) {
    this.request = request;
    this.settings = settings;
  }

  void start() {
    Vertx vertx = Vertx.currentContext().owner();
    long timer = vertx.setTimer(settings.drainTimeout().toMillis(), id -> giveUp());
    Runnable done =
        () -> {
          over = true;
          vertx.cancelTimer(timer);
        };
    request.handler(
        buffer -> {
          dropped += buffer.length();
          if (dropped > settings.drainLimit()) {
            giveUp();
          }
        });
    request.endHandler(v -> done.run());
    request.exceptionHandler(e -> done.run());
    request.resume();
  }

  private void giveUp() {
    if (over) {
      return;
    }
    over = true;
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset();
    } else {
      request.connection().close();
    }
  }
}
