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

/** Roles in all repositories of an organisation. */
@Path("/api/v1/organisations/{organisation}/grants")
@Tag(name = "grants")
@RunOnVirtualThread
class OrganisationGrantsResource {
  private final GrantService grants;

  OrganisationGrantsResource(GrantService grants) {
    this.grants = grants;
  }

  @GET
  @Needs(Right.OWNER)
  @Operation(
      summary =
          "List the roles given in all repositories of an organisation in the order they were given")
  public RestResponse<List<Grant>> list(
      @PathParam("organisation") String organisation, @BeanParam @Valid PageRequest page) {
    return page.answer(
        grants.listInOrganisation(organisation, page.startNumber(), page.fetch()), Grant::id);
  }

  @POST
  @Idempotent
  @Needs(Right.OWNER)
  @Operation(
      summary =
          "Give a role in all repositories of an organisation, in place of any the grantee has there")
  public RestResponse<Grant> put(
      @PathParam("organisation") String organisation, @NotNull @Valid NewGrant grant) {
    return Answers.tagged(grants.putInOrganisation(organisation, grant.grantee(), grant.role()));
  }

  @GET
  @Path("{id}")
  @Needs(Right.OWNER)
  @Operation(summary = "Show a role given in all repositories of an organisation")
  public RestResponse<Grant> get(
      @PathParam("organisation") String organisation, @PathParam("id") long id) {
    return Answers.tagged(grants.getInOrganisation(organisation, id));
  }

  @DELETE
  @Path("{id}")
  @Needs(Right.OWNER)
  @Operation(summary = "Take back a role in all repositories of an organisation")
  public void remove(
      @PathParam("organisation") String organisation,
      @PathParam("id") long id,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    grants.removeInOrganisation(organisation, id, new IfMatch(ifMatch));
  }
}
