package dev.entrepot.account.organisation;

import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

/** Who belongs to an organisation. */
@Path("/api/v1/organisations/{organisation}/members")
@RunOnVirtualThread
class MembersResource {
  private final OrganisationService organisations;

  MembersResource(OrganisationService organisations) {
    this.organisations = organisations;
  }

  /** Whether a member is an owner. */
  record Membership(boolean owner) {}

  @GET
  @Needs(Right.MEMBER)
  public Response list(
      @PathParam("organisation") String organisation, @BeanParam @Valid PageRequest page) {
    return page.answer(
        organisations.listMembers(organisation, page.start(), page.fetch()), Member::user);
  }

  @PUT
  @Path("{user}")
  @Needs(Right.OWNER)
  public Member put(
      @PathParam("organisation") String organisation,
      @PathParam("user") String user,
      @NotNull Membership membership) {
    return organisations.putMember(organisation, user, membership.owner());
  }

  @DELETE
  @Path("{user}")
  @Needs(Right.OWNER)
  public void remove(
      @PathParam("organisation") String organisation, @PathParam("user") String user) {
    organisations.removeMember(organisation, user);
  }
}
