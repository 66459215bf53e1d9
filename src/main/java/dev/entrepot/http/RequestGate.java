package dev.entrepot.http;

import io.vertx.core.http.HttpServerRequest;

/**
 * Limits how often callers ask. Declared here; whoever counts fulfils it. Both are called on the
 * event loop for each request, so they never block.
 */
public interface RequestGate {
  /**
   * A request has come; nobody knows from whom.
   *
   * @throws dev.entrepot.error.RegistryException TOO_MANY_REQUESTS with {@code Retry-After}
   */
  void arrived(HttpServerRequest request);

  /**
   * It is known who calls and that they may; the endpoint is next. May add headers to the answer.
   *
   * @throws dev.entrepot.error.RegistryException TOO_MANY_REQUESTS with {@code Retry-After}
   */
  void admitted(Exchange exchange, HttpServerRequest request);
}
