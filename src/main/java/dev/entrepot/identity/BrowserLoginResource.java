package dev.entrepot.identity;

import dev.entrepot.auth.Subject;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.http.Forwarding;
import dev.entrepot.identity.Providers.Provider;
import io.quarkus.oidc.OidcSession;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Login in the browser: to the provider and back, which begins a session. */
@Path(ProviderTenants.PATH + "{provider}")
@RunOnVirtualThread
public class BrowserLoginResource {
  private final Providers providers;
  private final ProviderLogins logins;
  private final Sessions sessions;
  private final OidcSession session;
  private final Forwarding forwarding;

  BrowserLoginResource(
      Providers providers,
      ProviderLogins logins,
      Sessions sessions,
      OidcSession session,
      Forwarding forwarding) {
    this.providers = providers;
    this.logins = logins;
    this.sessions = sessions;
    this.session = session;
    this.forwarding = forwarding;
  }

  /** Comes here with what the provider says; those that have not been there are sent there. */
  @GET
  @Authenticated
  @Operation(hidden = true)
  public Response end(@PathParam("provider") String name, @Context HttpServerRequest request) {
    Provider provider =
        providers.find(name).orElseThrow(() -> new RegistryException(ErrorCode.NOT_FOUND));
    String idToken = session.getIdToken().getRawToken();
    // The framework's own session is at its end: what follows rests on the account here.
    session.logout().await().indefinitely();
    Subject user =
        logins.logIn(provider, idToken, Sessions.METHOD, forwarding.clientAddress(request));
    return Response.ok("Signed in as " + user.name() + "\n", MediaType.TEXT_PLAIN_TYPE)
        .cookie(sessions.start(user, request))
        .header("Cache-Control", "no-store")
        .build();
  }
}
