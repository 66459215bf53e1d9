package dev.entrepot.account.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.management.Answers;
import dev.entrepot.management.Caller;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.ManagementRights;
import dev.entrepot.management.MergePatch;
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
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** The accounts of people. */
@Path("/api/v1/users")
@RunOnVirtualThread
class UsersResource {
  private final UserService users;
  private final MergePatch patches;
  private final Caller caller;
  private final ManagementRights rights;

  UsersResource(UserService users, MergePatch patches, Caller caller, ManagementRights rights) {
    this.users = users;
    this.patches = patches;
    this.caller = caller;
    this.rights = rights;
  }

  /** A new password; the old one is needed unless an administrator sets it for somebody else. */
  record PasswordChange(@Nullable String oldPassword, @NotNull String newPassword) {
    /** Without them. */
    @Override
    public String toString() {
      return "PasswordChange";
    }
  }

  @GET
  @Needs(Right.ADMINISTRATOR)
  public Response list(@BeanParam @Valid PageRequest page) {
    return page.answer(users.list(page.start(), page.fetch()), User::name);
  }

  @POST
  @Needs(Right.ADMINISTRATOR)
  public Response create(@Context UriInfo uri, @NotNull @Valid NewUser user) {
    return Answers.created(users.create(user), uri, user.name());
  }

  @GET
  @Path("{user}")
  @Needs(Right.SELF)
  public Response get(@PathParam("user") String user) {
    return Answers.tagged(users.get(user));
  }

  @PATCH
  @Path("{user}")
  @Needs(Right.ADMINISTRATOR)
  public Response change(
      @PathParam("user") String user,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @NotNull ObjectNode patch) {
    return Answers.tagged(
        users.change(user, patches.of(patch, UserSettings.class), new IfMatch(ifMatch)));
  }

  @DELETE
  @Path("{user}")
  @Needs(Right.ADMINISTRATOR)
  public void delete(
      @PathParam("user") String user, @HeaderParam("If-Match") @Nullable String ifMatch) {
    users.delete(user, new IfMatch(ifMatch));
  }

  @PUT
  @Path("{user}/password")
  @Needs(Right.SELF)
  public void changePassword(
      @PathParam("user") String user, @NotNull @Valid PasswordChange change) {
    boolean own = caller.subject().name().equals(user);
    if (own || !rights.isAdministrator(caller.subject())) {
      String old = change.oldPassword();
      users.requirePassword(user, old == null ? "" : old);
    }
    users.setPassword(user, change.newPassword());
  }
}
