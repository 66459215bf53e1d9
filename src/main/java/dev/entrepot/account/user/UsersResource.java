package dev.entrepot.account.user;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.management.Answers;
import dev.entrepot.management.Caller;
import dev.entrepot.management.Idempotent;
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
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The accounts of people. */
@Path("/api/v1/users")
@Tag(name = "users")
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
  record PasswordChange(
      @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) @Nullable String oldPassword,
      @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) @NotNull String newPassword) {
    /** Without them. */
    @Override
    public String toString() {
      return "PasswordChange";
    }
  }

  @GET
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "List the users by name")
  public RestResponse<List<User>> list(@BeanParam @Valid PageRequest page) {
    return page.answer(users.list(page.start(), page.fetch()), User::name);
  }

  @POST
  @Idempotent
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "Make a user, and a namespace of the name")
  public RestResponse<User> create(@Context UriInfo uri, @NotNull @Valid NewUser user) {
    return Answers.created(users.create(user), uri, user.name());
  }

  @GET
  @Path("{user}")
  @Needs(Right.SELF)
  @Operation(summary = "Show a user")
  public RestResponse<User> get(@PathParam("user") String user) {
    return Answers.tagged(users.get(user));
  }

  @PATCH
  @Path("{user}")
  @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "Change a user")
  public RestResponse<User> change(
      @PathParam("user") String user,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @RequestBody(content = @Content(schema = @Schema(implementation = UserSettings.class)))
          @NotNull
          ObjectNode patch) {
    return Answers.tagged(
        users.change(user, patches.of(patch, UserSettings.class), new IfMatch(ifMatch)));
  }

  @DELETE
  @Path("{user}")
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "Delete a user who has no repositories")
  public void delete(
      @PathParam("user") String user, @HeaderParam("If-Match") @Nullable String ifMatch) {
    users.delete(user, new IfMatch(ifMatch));
  }

  @PUT
  @Path("{user}/password")
  @Needs(Right.SELF)
  @Operation(summary = "Set a user's password; for one's own, the old one is needed")
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
