package dev.entrepot.http;

/** What answers a method of a route. Called on the event loop; never blocks there. */
@FunctionalInterface
public interface Endpoint {
  /** Answers, now or later ({@link Exchange#offload}); may throw instead. */
  void handle(Exchange exchange);
}
