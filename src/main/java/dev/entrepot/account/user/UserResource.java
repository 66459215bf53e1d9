package dev.entrepot.account.user;

import dev.entrepot.account.token.AccessToken;
import dev.entrepot.account.token.IssuedToken;
import dev.entrepot.account.token.NewToken;
import dev.entrepot.account.token.TokenService;
import dev.entrepot.management.Answers;
import dev.entrepot.management.Caller;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

/** The account of whoever calls, and its tokens. */
@Path("/api/v1/user")
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
  @Needs(Right.SIGNED_IN)
  public Response get() {
    return Answers.tagged(users.get(caller.subject().name()));
  }

  @GET
  @Path("tokens")
  @Needs(Right.SIGNED_IN)
  public Response listTokens(@BeanParam @Valid PageRequest page) {
    return page.answer(
        tokens.listPersonal(caller.subject().id(), page.startNumber(), page.fetch()),
        AccessToken::id);
  }

  /** Not with a token: one that leaked could be replaced by others for as long as one likes. */
  @POST
  @Path("tokens")
  @Needs(Right.SIGNED_IN)
  public Response createToken(@NotNull @Valid NewToken token) {
    caller.requireNoToken();
    IssuedToken issued = tokens.issuePersonal(caller.subject().id(), token);
    return Answers.secret(issued);
  }

  @DELETE
  @Path("tokens/{id}")
  @Needs(Right.SIGNED_IN)
  public void revokeToken(@PathParam("id") long id) {
    tokens.revokePersonal(caller.subject().id(), id);
  }
}
