package dev.entrepot.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Requests that the framework answers, such as those for tokens: logged like the registry's. */
final class OtherRequests {
  private final RequestRecorder recorder;

  OtherRequests(RequestRecorder recorder) {
    this.recorder = recorder;
  }

  /** Hands the request on, and logs it when it is answered. */
  void pass(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String requestId = RequestIds.of(request);
    long start = System.nanoTime();
    routing.response().putHeader(Headers.REQUEST_ID, requestId);
    routing.addEndHandler(
        end ->
            recorder.log(
                request,
                LoggedCaller.of(routing),
                end.succeeded() ? routing.response().getStatusCode() : RequestRecorder.GONE,
                routing.response().bytesWritten(),
                System.nanoTime() - start,
                requestId));
    routing.next();
  }
}
