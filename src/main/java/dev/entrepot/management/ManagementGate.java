package dev.entrepot.management;

import dev.entrepot.auth.Subject;
import dev.entrepot.http.Authentication;
import dev.entrepot.http.CrossSite;
import dev.entrepot.http.LoggedCaller;
import dev.entrepot.http.RequestGate;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;

/** Finds out who calls, before every method of the management API, and whether they may. */
@Provider
class ManagementGate implements ContainerRequestFilter {
  private static final String PATH = "/api/v1/";

  // The framework makes filters before there are settings, which those here need.
  private final Instance<Authentication> authentication;
  private final Instance<ManagementRights> rights;
  private final Instance<RequestGate> limits;
  private final Instance<CrossSite> crossSite;
  private final Caller caller;
  @Context ResourceInfo resource;
  @Context HttpServerRequest request;
  @Context RoutingContext routing;

  ManagementGate(
      Instance<Authentication> authentication,
      Instance<ManagementRights> rights,
      Instance<RequestGate> limits,
      Instance<CrossSite> crossSite,
      Caller caller) {
    this.authentication = authentication;
    this.rights = rights;
    this.limits = limits;
    this.crossSite = crossSite;
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
    caller.set(LoggedCaller.is(routing, subject));
    var path = context.getUriInfo().getPathParameters();
    rights.get().require(subject, needs.value(), path::getFirst);
  }
}
