package dev.entrepot.account.user;

import dev.entrepot.account.token.AccessToken;
import dev.entrepot.account.token.IssuedToken;
import dev.entrepot.account.token.NewToken;
import dev.entrepot.account.token.TokenService;
import dev.entrepot.management.Answers;
import dev.entrepot.management.Caller;
import dev.entrepot.management.Idempotent;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The account of whoever calls, and its tokens. */
@Path("/api/v1/user")
@Tag(name = "own account")
@RunOnVirtualThread
class UserResource {
  private final UserService users;
  private final TokenService tokens;
  private final Caller caller;

  UserResource(UserService users, TokenService tokens, Caller caller) {
    this.users = users;
    this.tokens = tokens;
    this.caller = caller;
  }

  @GET
  @Needs(Right.OWN_ACCOUNT)
  @Operation(summary = "Show the caller's account")
  public RestResponse<User> get() {
    return Answers.tagged(users.get(caller.subject().name()));
  }

  @GET
  @Path("tokens")
  @Needs(Right.OWN_ACCOUNT)
  @Operation(summary = "List the caller's tokens in the order they were made")
  public RestResponse<List<AccessToken>> listTokens(@BeanParam @Valid PageRequest page) {
    return page.answer(
        tokens.listPersonal(caller.subject().id(), page.startNumber(), page.fetch()),
        AccessToken::id);
  }

  /** Not with a token: one that leaked could be replaced by others for as long as one likes. */
  @POST
  @Idempotent
  @Path("tokens")
  @Needs(Right.OWN_ACCOUNT)
  @Operation(summary = "Make a token; its secret is in this answer only")
  public RestResponse<IssuedToken> createToken(
      @Context UriInfo uri, @NotNull @Valid NewToken token) {
    caller.requireNoToken();
    IssuedToken issued = tokens.issuePersonal(caller.subject().id(), token);
    return Answers.secret(issued, uri, issued.token().id());
  }

  @GET
  @Path("tokens/{id}")
  @Needs(Right.OWN_ACCOUNT)
  @Operation(summary = "Show a token of the caller")
  public RestResponse<AccessToken> getToken(@PathParam("id") long id) {
    return Answers.tagged(tokens.getPersonal(caller.subject().id(), id));
  }

  @DELETE
  @Path("tokens/{id}")
  @Needs(Right.OWN_ACCOUNT)
  @Operation(summary = "Revoke a token of the caller")
  public void revokeToken(
      @PathParam("id") long id, @HeaderParam("If-Match") @Nullable String ifMatch) {
    tokens.revokePersonal(caller.subject().id(), id, new IfMatch(ifMatch));
  }
}
