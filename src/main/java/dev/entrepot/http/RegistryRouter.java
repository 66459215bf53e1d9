package dev.entrepot.http;

import dev.entrepot.auth.Action;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.AuditNotes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Takes every request below {@code /v2} before anything else of the server sees it, asks the {@link
 * Gate}, and hands it to its endpoint. First in the chain because a hit in memory then costs half
 * of what it costs behind the framework's own handlers (docs/decisions).
 */
@Singleton
public class RegistryRouter {
  private final Endpoints endpoints = new Endpoints();
  private final ExchangeServices services;
  private final Gate gate;
  private final OtherRequests others;
  private final @Nullable AccessLog accessLog;

  RegistryRouter(
      @All List<EndpointGroup> groups,
      EntrepotConfig config,
      Gate gate,
      Forwarding forwarding,
      AuditNotes notes,
      MeterRegistry metrics) {
    groups.forEach(group -> group.register(endpoints));
    endpoints.on(Route.BASE, HttpMethod.GET, Action.PING, new BaseEndpoint());
    this.gate = gate;
    this.accessLog =
        config.accessLog().enabled()
            ? new AccessLog(
                config
                    .accessLog()
                    .file()
                    .orElseGet(() -> config.dataDir().resolve("logs").resolve("access.log")),
                config.accessLog(),
                metrics)
            : null;
    ByteBudget budget = new ByteBudget(config.upload().bufferBudget().asLongValue());
    Gauge.builder("entrepot.upload.buffered", budget, ByteBudget::used)
        .description("Bytes of request bodies that wait for the store")
        .baseUnit("bytes")
        .register(metrics);
    RequestMemory memory = new RequestMemory(config.http().requestMemory().asLongValue());
    Gauge.builder("entrepot.http.request.memory", memory, RequestMemory::used)
        .description("Bytes of large answers and manifests that wait for their clients")
        .baseUnit("bytes")
        .register(metrics);
    RequestRecorder recorder = new RequestRecorder(metrics, accessLog, forwarding);
    this.others = new OtherRequests(recorder);
    this.services =
        new ExchangeServices(
            HttpSettings.of(config),
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()),
            budget,
            memory,
            recorder,
            forwarding,
            notes);
  }

  void install(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).handler(this::route).failureHandler(this::malformed);
  }

  void stop(@Observes ShutdownEvent event) {
    if (accessLog != null) {
      accessLog.close();
    }
  }

  private void route(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    if (request.version() != HttpVersion.HTTP_2) {
      PipelineLimit.install(Exchange.channel(request), services.settings().maxPipelinedRequests());
    }
    String path = request.path();
    if (path == null || !RegistryPath.matches(path)) {
      others.pass(routing);
      return;
    }
    Exchange exchange = exchange(request, path);
    try {
      dispatch(exchange, request.method());
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
  }

  /** The router itself refuses some requests before any route sees them, such as without Host. */
  private void malformed(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String path = request.path();
    if (path == null || !RegistryPath.matches(path) || routing.response().ended()) {
      routing.next();
      return;
    }
    Exchange exchange = exchange(request, path);
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      exchange.holdBody();
    }
    boolean client = routing.statusCode() == HttpResponseStatus.BAD_REQUEST.code();
    exchange.fail(
        client
            ? new RegistryException(ErrorCode.HEADER_INVALID)
            : Objects.requireNonNullElseGet(routing.failure(), IllegalStateException::new));
  }

  private Exchange exchange(HttpServerRequest request, String path) {
    return new Exchange(request, Vertx.currentContext(), RegistryPath.parse(path), services);
  }

  private void dispatch(Exchange exchange, HttpMethod method) {
    exchange.requireSoundHead();
    if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
      exchange.holdBody();
    }
    gate.arrive(exchange);
    Route route = exchange.path().route();
    if (route == Route.UNKNOWN) {
      throw new RegistryException(ErrorCode.NOT_FOUND);
    }
    Endpoints.Entry entry = endpoints.find(route, method);
    if (entry == null) {
      throw new RegistryException(
          ErrorCode.METHOD_NOT_ALLOWED,
          ErrorCode.METHOD_NOT_ALLOWED.message(),
          null,
          Map.of("Allow", endpoints.allowed(route)));
    }
    String repository = exchange.path().name().isEmpty() ? null : exchange.repository().value();
    gate.pass(exchange, entry, repository);
  }
}
