package dev.entrepot.account.grant;

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

/** Roles in one repository. */
@Path("/api/v1/repositories/{name:.+}/-/grants")
@RunOnVirtualThread
class RepositoryGrantsResource {
  private final GrantService grants;

  RepositoryGrantsResource(GrantService grants) {
    this.grants = grants;
  }

  @GET
  @Needs(Right.ADMINISTER_REPOSITORY)
  public Response list(@PathParam("name") String name, @BeanParam @Valid PageRequest page) {
    return page.answer(grants.listInRepository(name, page.startNumber(), page.fetch()), Grant::id);
  }

  @POST
  @Needs(Right.ADMINISTER_REPOSITORY)
  public Grant put(@PathParam("name") String name, @NotNull @Valid NewGrant grant) {
    return grants.putInRepository(name, grant.grantee(), grant.role());
  }

  @DELETE
  @Path("{id}")
  @Needs(Right.ADMINISTER_REPOSITORY)
  public void remove(@PathParam("name") String name, @PathParam("id") long id) {
    grants.removeInRepository(name, id);
  }
}
