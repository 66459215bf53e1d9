package dev.entrepot.account.trust;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.management.Answers;
import dev.entrepot.management.IfMatch;
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
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** The issuers whose tokens are exchanged. Everybody sees them, to write rules for their robots. */
@Path("/api/v1/issuers")
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
  public Response list(@BeanParam @Valid PageRequest page) {
    return page.answer(issuers.list(page.start(), page.fetch()), Issuer::name);
  }

  @POST
  @Needs(Right.ADMINISTRATOR)
  public Response create(@Context UriInfo uri, @NotNull @Valid NewIssuer issuer) {
    return Answers.created(issuers.create(issuer), uri, issuer.name());
  }

  @GET
  @Path("{issuer}")
  @Needs(Right.SIGNED_IN)
  public Response get(@PathParam("issuer") String issuer) {
    return Answers.tagged(issuers.get(issuer));
  }

  @PATCH
  @Path("{issuer}")
  @Needs(Right.ADMINISTRATOR)
  public Response change(
      @PathParam("issuer") String issuer,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @NotNull ObjectNode patch) {
    return Answers.tagged(
        issuers.change(issuer, patches.of(patch, IssuerSettings.class), new IfMatch(ifMatch)));
  }

  @DELETE
  @Path("{issuer}")
  @Needs(Right.ADMINISTRATOR)
  public void delete(
      @PathParam("issuer") String issuer, @HeaderParam("If-Match") @Nullable String ifMatch) {
    issuers.delete(issuer, new IfMatch(ifMatch));
  }
}
