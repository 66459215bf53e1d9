package dev.entrepot.account.trust;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.management.Answers;
import dev.entrepot.management.Idempotent;
import dev.entrepot.management.IfMatch;
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

/** The issuers whose tokens are exchanged. Everybody sees them, to write rules for their robots. */
@Path("/api/v1/issuers")
@Tag(name = "trusted issuers")
@RunOnVirtualThread
class IssuersResource {
  private final IssuerService issuers;
  private final MergePatch patches;

  IssuersResource(IssuerService issuers, MergePatch patches) {
    this.issuers = issuers;
    this.patches = patches;
  }

  @GET
  @Needs(Right.SIGNED_IN)
  @Operation(summary = "List the issuers that are trusted by name")
  public RestResponse<List<Issuer>> list(@BeanParam @Valid PageRequest page) {
    return page.answer(issuers.list(page.start(), page.fetch()), Issuer::name);
  }

  @POST
  @Idempotent
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "Trust an issuer")
  public RestResponse<Issuer> create(@Context UriInfo uri, @NotNull @Valid NewIssuer issuer) {
    return Answers.created(issuers.create(issuer), uri, issuer.name());
  }

  @GET
  @Path("{issuer}")
  @Needs(Right.SIGNED_IN)
  @Operation(summary = "Show an issuer")
  public RestResponse<Issuer> get(@PathParam("issuer") String issuer) {
    return Answers.tagged(issuers.get(issuer));
  }

  @PATCH
  @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
  @Path("{issuer}")
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "Change an issuer; what was got with its tokens ends")
  public RestResponse<Issuer> change(
      @PathParam("issuer") String issuer,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @RequestBody(content = @Content(schema = @Schema(implementation = IssuerSettings.class)))
          @NotNull
          ObjectNode patch) {
    return Answers.tagged(
        issuers.change(issuer, patches.of(patch, IssuerSettings.class), new IfMatch(ifMatch)));
  }

  @DELETE
  @Path("{issuer}")
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "Trust an issuer no more; its rules go, and what was got by them ends")
  public void delete(
      @PathParam("issuer") String issuer, @HeaderParam("If-Match") @Nullable String ifMatch) {
    issuers.delete(issuer, new IfMatch(ifMatch));
  }
}
