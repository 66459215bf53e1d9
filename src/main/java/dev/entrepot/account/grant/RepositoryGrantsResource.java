package dev.entrepot.account.grant;

import dev.entrepot.management.Answers;
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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Roles in one repository. */
@Path("/api/v1/repositories/{name:.+}/-/grants")
@Tag(name = "grants")
@RunOnVirtualThread
class RepositoryGrantsResource {
  private final GrantService grants;

  RepositoryGrantsResource(GrantService grants) {
    this.grants = grants;
  }

  @GET
  @Needs(Right.ADMINISTER_REPOSITORY)
  @Operation(summary = "List the roles given in a repository in the order they were given")
  public RestResponse<List<Grant>> list(
      @PathParam("name") String name, @BeanParam @Valid PageRequest page) {
    return page.answer(grants.listInRepository(name, page.startNumber(), page.fetch()), Grant::id);
  }

  @POST
  @Idempotent
  @Needs(Right.ADMINISTER_REPOSITORY)
  @Operation(summary = "Give a role in a repository, in place of any the grantee has there")
  public RestResponse<Grant> put(@PathParam("name") String name, @NotNull @Valid NewGrant grant) {
    return Answers.tagged(grants.putInRepository(name, grant.grantee(), grant.role()));
  }

  @GET
  @Path("{id}")
  @Needs(Right.ADMINISTER_REPOSITORY)
  @Operation(summary = "Show a role given in a repository")
  public RestResponse<Grant> get(@PathParam("name") String name, @PathParam("id") long id) {
    return Answers.tagged(grants.getInRepository(name, id));
  }

  @DELETE
  @Path("{id}")
  @Needs(Right.ADMINISTER_REPOSITORY)
  @Operation(summary = "Take back a role in a repository")
  public void remove(
      @PathParam("name") String name,
      @PathParam("id") long id,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    grants.removeInRepository(name, id, new IfMatch(ifMatch));
  }
}
