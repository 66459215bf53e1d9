package dev.entrepot.http;

import dev.entrepot.auth.Subject;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Counts and logs every answered request. Runs on the event loop for each of them: it is quick. */
final class RequestRecorder {
  /** The status of a request whose client went away before its answer. */
  static final int GONE = 499;

  private static final int MAX_STATUS = 600;
  private static final int METHODS = Method.values().length;
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(2500),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final @Nullable AccessLog accessLog;
  private final Forwarding forwarding;
  private final AtomicReferenceArray<@Nullable Timer> timers =
      new AtomicReferenceArray<>(Route.values().length * METHODS * MAX_STATUS);

  RequestRecorder(MeterRegistry registry, @Nullable AccessLog accessLog, Forwarding forwarding) {
    this.registry = registry;
    this.accessLog = accessLog;
    this.forwarding = forwarding;
  }

  void record(HttpServerRequest request, Route route, int status, long bytes, Exchange exchange) {
    long nanos = exchange.elapsedNanos();
    timer(route, Method.of(request), status).record(nanos, TimeUnit.NANOSECONDS);
    if (accessLog != null) {
      accessLog.write(
          new AccessLog.Line(
              request,
              request.uri(),
              forwarding.clientAddress(request),
              exchange.subject(),
              status,
              bytes,
              nanos,
              exchange.requestId()));
    }
  }

  /** Logs a request of another API. Without its query, which may hold what nobody should read. */
  void log(
      HttpServerRequest request,
      Subject caller,
      int status,
      long bytes,
      long nanos,
      String requestId) {
    if (accessLog != null) {
      accessLog.write(
          new AccessLog.Line(
              request,
              String.valueOf(request.path()),
              forwarding.clientAddress(request),
              caller,
              status,
              bytes,
              nanos,
              requestId));
    }
  }

  private Timer timer(Route route, Method method, int status) {
    int index = (route.ordinal() * METHODS + method.ordinal()) * MAX_STATUS + status;
    Timer timer = timers.get(index);
    if (timer == null) {
      timer =
          Timer.builder("entrepot.http.requests")
              .description("Requests to the registry API, from headers read to answer handed over")
              .tag("route", route.name())
              .tag("method", method.name())
              .tag("status", Integer.toString(status))
              .serviceLevelObjectives(BUCKETS)
              .register(registry);
      timers.set(index, timer);
    }
    return timer;
  }

  /** The methods that are told apart; a caller must not be able to make metrics of its own. */
  private enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE,
    OTHER;

    static Method of(HttpServerRequest request) {
      return switch (request.method().name()) {
        case "GET" -> GET;
        case "HEAD" -> HEAD;
        case "POST" -> POST;
        case "PUT" -> PUT;
        case "PATCH" -> PATCH;
        case "DELETE" -> DELETE;
        default -> OTHER;
      };
    }
  }
}
