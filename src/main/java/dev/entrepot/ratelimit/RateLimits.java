package dev.entrepot.ratelimit;

import dev.entrepot.auth.AddressKey;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.RateLimitConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.http.AddressRanges;
import dev.entrepot.http.Exchange;
import dev.entrepot.http.Forwarding;
import dev.entrepot.http.RequestGate;
import dev.entrepot.http.Route;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets each address and each account ask so often and no more. Each server counts by itself. What
 * is not limited costs nothing.
 */
@Singleton
class RateLimits implements RequestGate {
  private static final String LIMIT = "ratelimit-limit";
  private static final String REMAINING = "ratelimit-remaining";

  private final Forwarding forwarding;
  private final AddressRanges exempt;
  private final MeterRegistry metrics;
  private final @Nullable Allowance requestsByAddress;
  private final @Nullable Allowance requestsByAccount;
  private final @Nullable Allowance pullsByAddress;
  private final @Nullable Allowance pullsByAccount;

  @Inject
  RateLimits(Forwarding forwarding, EntrepotConfig config, MeterRegistry metrics) {
    this(forwarding, config.rateLimit(), metrics, TimeMeter.SYSTEM_NANOTIME);
  }

  RateLimits(
      Forwarding forwarding, RateLimitConfig config, MeterRegistry metrics, TimeMeter clock) {
    this.forwarding = forwarding;
    this.exempt = AddressRanges.of(config.exemptNetworks().orElse(List.of()));
    this.metrics = metrics;
    long callers = config.maxCallers();
    var window = config.requestsWindow();
    this.requestsByAddress = Allowance.of(config.requestsPerAddress(), window, callers, clock);
    this.requestsByAccount = Allowance.of(config.requestsPerAccount(), window, callers, clock);
    window = config.pullsWindow();
    this.pullsByAddress = Allowance.of(config.pullsPerAddress(), window, callers, clock);
    this.pullsByAccount = Allowance.of(config.pullsPerAccount(), window, callers, clock);
  }

  @Override
  public void arrived(HttpServerRequest request) {
    if (requestsByAddress == null) {
      return;
    }
    String address = forwarding.clientAddress(request);
    if (!exempt.contains(address)) {
      require(requestsByAddress, "requests", "address", AddressKey.of(address));
    }
  }

  @Override
  public void admitted(Exchange exchange, HttpServerRequest request) {
    boolean anonymous = exchange.subject().isAnonymous();
    Allowance requests = anonymous ? null : requestsByAccount;
    Allowance pulls =
        exchange.path().route() != Route.MANIFEST || !isRead(exchange.method())
            ? null
            : anonymous ? pullsByAddress : pullsByAccount;
    if (requests == null && pulls == null) {
      return;
    }
    String address = forwarding.clientAddress(request);
    if (exempt.contains(address)) {
      return;
    }
    String by = anonymous ? "address" : "account";
    String caller = anonymous ? AddressKey.of(address) : exchange.subject().account();
    if (requests != null) {
      require(requests, "requests", by, caller);
    }
    if (pulls != null) {
      pull(exchange, pulls, by, caller);
    }
  }

  /** HEAD is how clients ask whether there is something new, and how they read these headers. */
  private void pull(Exchange exchange, Allowance pulls, String by, String caller) {
    Allowance.Verdict verdict =
        exchange.method() == HttpMethod.HEAD
            ? pulls.look(caller)
            : require(pulls, "pulls", by, caller);
    exchange.alsoSend(LIMIT, pulls.inWindow(pulls.limit()));
    exchange.alsoSend(REMAINING, pulls.inWindow(verdict.remaining()));
  }

  private Allowance.Verdict require(Allowance allowance, String what, String by, String caller) {
    Allowance.Verdict verdict = allowance.take(caller);
    if (verdict.granted()) {
      return verdict;
    }
    Counter.builder("entrepot.ratelimit.refused")
        .description("Requests that came too soon after others")
        .tag("limit", what)
        .tag("by", by)
        .register(metrics)
        .increment();
    throw new RegistryException(
        ErrorCode.TOO_MANY_REQUESTS,
        "too many %s from this %s: %d are allowed in %d seconds"
            .formatted(what, by, allowance.limit(), allowance.seconds()),
        Map.of(
            "limit",
            allowance.limit(),
            "seconds",
            allowance.seconds(),
            "retryAfter",
            verdict.retrySeconds()),
        Map.of(
            "Retry-After",
            Long.toString(verdict.retrySeconds()),
            LIMIT,
            allowance.inWindow(allowance.limit()),
            REMAINING,
            allowance.inWindow(0)));
  }

  private static boolean isRead(HttpMethod method) {
    return method == HttpMethod.GET || method == HttpMethod.HEAD;
  }
}
