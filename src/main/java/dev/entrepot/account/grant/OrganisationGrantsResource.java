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

/** Roles in all repositories of an organisation. */
@Path("/api/v1/organisations/{organisation}/grants")
@RunOnVirtualThread
class OrganisationGrantsResource {
  private final GrantService grants;

  OrganisationGrantsResource(GrantService grants) {
    this.grants = grants;
  }

  @GET
  @Needs(Right.OWNER)
  public Response list(
      @PathParam("organisation") String organisation, @BeanParam @Valid PageRequest page) {
    return page.answer(
        grants.listInOrganisation(organisation, page.startNumber(), page.fetch()), Grant::id);
  }

  @POST
  @Needs(Right.OWNER)
  public Grant put(@PathParam("organisation") String organisation, @NotNull @Valid NewGrant grant) {
    return grants.putInOrganisation(organisation, grant.grantee(), grant.role());
  }

  @DELETE
  @Path("{id}")
  @Needs(Right.OWNER)
  public void remove(@PathParam("organisation") String organisation, @PathParam("id") long id) {
    grants.removeInOrganisation(organisation, id);
  }
}
