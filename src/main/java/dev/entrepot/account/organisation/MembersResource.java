package dev.entrepot.account.organisation;

import dev.entrepot.management.Answers;
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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Who belongs to an organisation. */
@Path("/api/v1/organisations/{organisation}/members")
@Tag(name = "organisations")
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
  @Operation(summary = "List the members of an organisation by name")
  public RestResponse<List<Member>> list(
      @PathParam("organisation") String organisation, @BeanParam @Valid PageRequest page) {
    return page.answer(
        organisations.listMembers(organisation, page.start(), page.fetch()), Member::user);
  }

  @GET
  @Path("{user}")
  @Needs(Right.MEMBER)
  @Operation(summary = "Show a member")
  public RestResponse<Member> get(
      @PathParam("organisation") String organisation, @PathParam("user") String user) {
    return Answers.tagged(organisations.getMember(organisation, user));
  }

  @PUT
  @Path("{user}")
  @Needs(Right.OWNER)
  @Operation(summary = "Make a user a member, or change whether they are an owner")
  public RestResponse<Member> put(
      @PathParam("organisation") String organisation,
      @PathParam("user") String user,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @NotNull Membership membership) {
    return Answers.tagged(
        organisations.putMember(organisation, user, membership.owner(), new IfMatch(ifMatch)));
  }

  @DELETE
  @Path("{user}")
  @Needs(Right.OWNER)
  @Operation(summary = "End a membership, in the teams too")
  public void remove(
      @PathParam("organisation") String organisation,
      @PathParam("user") String user,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    organisations.removeMember(organisation, user, new IfMatch(ifMatch));
  }
}
