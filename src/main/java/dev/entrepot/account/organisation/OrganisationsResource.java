package dev.entrepot.account.organisation;

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
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
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

/** Organisations. */
@Path("/api/v1/organisations")
@Tag(name = "organisations")
@RunOnVirtualThread
class OrganisationsResource {
  private final OrganisationService organisations;
  private final MergePatch patches;
  private final Caller caller;
  private final ManagementRights rights;

  OrganisationsResource(
      OrganisationService organisations,
      MergePatch patches,
      Caller caller,
      ManagementRights rights) {
    this.organisations = organisations;
    this.patches = patches;
    this.caller = caller;
    this.rights = rights;
  }

  /** An organisation to be made, and its first owner. */
  record NewOrganisation(@NotBlank String name, @NotBlank String owner) {}

  /** The limit of all repositories together; null is none. */
  record Quota(@Nullable @PositiveOrZero Long bytes) {}

  @GET
  @Needs(Right.SIGNED_IN)
  @Operation(summary = "List the caller's organisations by name; all of them to administrators")
  public RestResponse<List<Organisation>> list(@BeanParam @Valid PageRequest page) {
    Long member = rights.isAdministrator(caller.subject()) ? null : caller.subject().id();
    return page.answer(organisations.list(member, page.start(), page.fetch()), Organisation::name);
  }

  @POST
  @Idempotent
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "Make an organisation with one owner")
  public RestResponse<Organisation> create(
      @Context UriInfo uri, @NotNull @Valid NewOrganisation organisation) {
    return Answers.created(
        organisations.create(organisation.name(), organisation.owner()), uri, organisation.name());
  }

  @GET
  @Path("{organisation}")
  @Needs(Right.MEMBER)
  @Operation(summary = "Show an organisation")
  public RestResponse<Organisation> get(@PathParam("organisation") String organisation) {
    return Answers.tagged(organisations.get(organisation));
  }

  @PATCH
  @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
  @Path("{organisation}")
  @Needs(Right.OWNER)
  @Operation(summary = "Change the settings of an organisation")
  public RestResponse<Organisation> change(
      @PathParam("organisation") String organisation,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @RequestBody(
              content = @Content(schema = @Schema(implementation = OrganisationSettings.class)))
          @NotNull
          ObjectNode patch) {
    return Answers.tagged(
        organisations.change(
            organisation, patches.of(patch, OrganisationSettings.class), new IfMatch(ifMatch)));
  }

  @DELETE
  @Path("{organisation}")
  @Needs(Right.OWNER)
  @Operation(summary = "Delete an organisation that has no repositories")
  public void delete(
      @PathParam("organisation") String organisation,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    organisations.delete(organisation, new IfMatch(ifMatch));
  }

  @PUT
  @Path("{organisation}/quota")
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "Limit the bytes of all repositories of an organisation together")
  public RestResponse<Organisation> setQuota(
      @PathParam("organisation") String organisation,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @NotNull @Valid Quota quota) {
    return Answers.tagged(
        organisations.setQuota(organisation, quota.bytes(), new IfMatch(ifMatch)));
  }
}
