package dev.entrepot.http;

import dev.entrepot.auth.Authorizer;
import dev.entrepot.auth.Decision;
import dev.entrepot.auth.Subject;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through to its endpoint once it is known who sends it and that they may. From
 * memory it does so at once, on the event loop; else a virtual thread finds it out.
 */
@Singleton
final class Gate {
  private final Authentication authentication;
  private final Authorizer authorizer;
  private final Refusals refusals;
  private final RequestGate limits;
  private final CrossSite crossSite;

  Gate(
      Authentication authentication,
      Authorizer authorizer,
      Refusals refusals,
      RequestGate limits,
      CrossSite crossSite) {
    this.authentication = authentication;
    this.authorizer = authorizer;
    this.refusals = refusals;
    this.limits = limits;
    this.crossSite = crossSite;
  }

  /** Refuses a request whose address sends too many, or that another site began. */
  void arrive(Exchange exchange) {
    limits.arrived(exchange.request());
    if (exchange.method() != HttpMethod.GET && exchange.method() != HttpMethod.HEAD) {
      crossSite.refuse(exchange.request());
    }
  }

  /**
   * Hands the exchange to the endpoint, now or later, or refuses it.
   *
   * @param repository canonical name of the path's; null where there is none
   */
  void pass(Exchange exchange, Endpoints.Entry entry, @Nullable String repository) {
    Subject subject = known(exchange, entry);
    Decision decision =
        subject == null ? null : authorizer.known(subject, entry.asked(), repository);
    if (subject != null && decision != null) {
      enter(exchange, entry, repository, subject, decision);
    } else {
      exchange.offload(() -> lookUp(exchange, entry, repository));
    }
  }

  private @Nullable Subject known(Exchange exchange, Endpoints.Entry entry) {
    try {
      return authentication.known(exchange.request());
    } catch (InvalidCredentialsException e) {
      throw refusals.invalid(exchange, entry.action(), e);
    }
  }

  private void lookUp(Exchange exchange, Endpoints.Entry entry, @Nullable String repository) {
    Subject subject;
    try {
      subject = authentication.identify(exchange.request());
    } catch (InvalidCredentialsException e) {
      throw refusals.invalid(exchange, entry.action(), e);
    }
    Decision decision = authorizer.decide(subject, entry.asked(), repository);
    exchange.resume(() -> enter(exchange, entry, repository, subject, decision));
  }

  private void enter(
      Exchange exchange,
      Endpoints.Entry entry,
      @Nullable String repository,
      Subject subject,
      Decision decision) {
    exchange.admit(subject, decision);
    if (!decision.allowed().contains(entry.action())) {
      exchange.noteDenied(entry.action());
      throw refusals.denied(exchange, entry.action(), repository, decision);
    }
    limits.admitted(exchange, exchange.request());
    entry.endpoint().handle(exchange);
  }
}
