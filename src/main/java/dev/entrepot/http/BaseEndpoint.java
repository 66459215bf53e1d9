package dev.entrepot.http;

import java.nio.charset.StandardCharsets;

/** {@code GET /v2/}: says that this is a registry. */
final class BaseEndpoint implements Endpoint {
  private static final Reply YES =
      Reply.status(200).body("application/json", "{}".getBytes(StandardCharsets.UTF_8));

  @Override
  public void handle(Exchange exchange) {
    exchange.send(YES);
  }
}
