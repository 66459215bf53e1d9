package dev.entrepot.management;

import dev.entrepot.auth.Subject;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.AuditNotes;
import dev.entrepot.http.Authentication;
import dev.entrepot.http.CrossSite;
import dev.entrepot.http.Forwarding;
import dev.entrepot.http.LoggedCaller;
import dev.entrepot.http.RequestGate;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;

/** Finds out who calls, before every method of the management API, and whether they may. */
@Provider
class ManagementGate implements ContainerRequestFilter, ContainerResponseFilter {
  private static final String PATH = "/api/v1/";
  private static final String REFUSED = "entrepot.refused";

  // The framework makes filters before there are settings, which those here need.
  private final Instance<Authentication> authentication;
  private final Instance<ManagementRights> rights;
  private final Instance<RequestGate> limits;
  private final Instance<CrossSite> crossSite;
  private final Instance<Forwarding> forwarding;
  private final Instance<AuditNotes> notes;
  private final Caller caller;
  @Context ResourceInfo resource;
  @Context HttpServerRequest request;
  @Context RoutingContext routing;

  ManagementGate(
      Instance<Authentication> authentication,
      Instance<ManagementRights> rights,
      Instance<RequestGate> limits,
      Instance<CrossSite> crossSite,
      Instance<Forwarding> forwarding,
      Instance<AuditNotes> notes,
      Caller caller) {
    this.authentication = authentication;
    this.rights = rights;
    this.limits = limits;
    this.crossSite = crossSite;
    this.forwarding = forwarding;
    this.notes = notes;
    this.caller = caller;
  }

  @Override
  public void filter(ContainerRequestContext context) {
    if (!resource.getResourceClass().getAnnotation(Path.class).value().startsWith(PATH)) {
      return;
    }
    limits.get().arrived(request);
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      crossSite.get().refuse(request);
    }
    Needs needs = resource.getResourceMethod().getAnnotation(Needs.class);
    if (needs == null) {
      throw Problem.DENIED.with("Nobody may do this");
    }
    Subject known = authentication.get().known(request);
    Subject subject = known == null ? authentication.get().identify(request) : known;
    caller.set(LoggedCaller.is(routing, subject), forwarding.get().clientAddress(request));
    var path = context.getUriInfo().getPathParameters();
    try {
      rights.get().require(subject, needs.value(), path::getFirst);
    } catch (ProblemException e) {
      context.setProperty(REFUSED, true); // whatever the answer makes of it
      throw e;
    }
  }

  /** Tells the audit log what was refused to whom. */
  @Override
  public void filter(ContainerRequestContext context, ContainerResponseContext answer) {
    boolean refused =
        context.getProperty(REFUSED) != null || answer.getStatus() == Problem.DENIED.status();
    Actor actor = caller.actor();
    if (refused && !actor.subject().isAnonymous()) {
      String asked = context.getMethod() + " " + resource.getResourceMethod().getName();
      notes
          .get()
          .note(
              AuditEvent.of(AuditKind.DENIED, actor, context.getUriInfo().getPath())
                  .with(Map.of("request", asked))
                  .asRefused());
    }
  }
}
