package dev.entrepot.identity;

import dev.entrepot.auth.Subject;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
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
  private final SignedTokens tokens;
  private final Sessions sessions;
  private final OidcSession login;

  BrowserLoginResource(
      Providers providers, SignedTokens tokens, Sessions sessions, OidcSession login) {
    this.providers = providers;
    this.tokens = tokens;
    this.sessions = sessions;
    this.login = login;
  }

  /** Comes here with what the provider says; those that have not been there are sent there. */
  @GET
  @Authenticated
  @Operation(hidden = true)
  public Response end(@PathParam("provider") String name, @Context HttpServerRequest request) {
    Provider provider =
        providers.find(name).orElseThrow(() -> new RegistryException(ErrorCode.NOT_FOUND));
    String idToken = login.getIdToken().getRawToken();
    // The framework's own session is at its end: what follows rests on the account here.
    login.logout().await().indefinitely();
    Subject user = tokens.get(provider, idToken);
    return Response.ok("Signed in as " + user.name() + "\n", MediaType.TEXT_PLAIN_TYPE)
        .cookie(sessions.start(user, request))
        .header("Cache-Control", "no-store")
        .build();
  }
}
