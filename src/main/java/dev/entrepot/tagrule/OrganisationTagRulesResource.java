package dev.entrepot.tagrule;

import dev.entrepot.management.Idempotent;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Rules of all repositories of an organisation. */
@Path("/api/v1/organisations/{organisation}/tag-rules")
@Tag(name = "tag rules")
@RunOnVirtualThread
class OrganisationTagRulesResource {
  private final TagRuleAnswers answers;

  OrganisationTagRulesResource(TagRuleAnswers answers) {
    this.answers = answers;
  }

  @GET
  @Needs(Right.MEMBER)
  @Operation(summary = "List the tag rules of an organisation in the order they were made")
  public RestResponse<List<ShownTagRule>> list(
      @PathParam("organisation") String organisation, @BeanParam @Valid PageRequest page) {
    return answers.list(owner(organisation), page);
  }

  @POST
  @Idempotent
  @Needs(Right.OWNER)
  @Operation(summary = "Make a tag rule of an organisation")
  public RestResponse<ShownTagRule> create(
      @PathParam("organisation") String organisation,
      @Context UriInfo uri,
      @NotNull @Valid NewTagRule rule) {
    return answers.create(owner(organisation), rule, uri);
  }

  @GET
  @Path("{id}")
  @Needs(Right.MEMBER)
  @Operation(summary = "Show a tag rule of an organisation")
  public RestResponse<ShownTagRule> get(
      @PathParam("organisation") String organisation, @PathParam("id") long id) {
    return answers.get(owner(organisation), id);
  }

  @DELETE
  @Path("{id}")
  @Needs(Right.OWNER)
  @Operation(summary = "Delete a tag rule of an organisation")
  public void remove(
      @PathParam("organisation") String organisation,
      @PathParam("id") long id,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    answers.remove(owner(organisation), id, ifMatch);
  }

  private static TagRule.Owner owner(String organisation) {
    return new TagRule.Owner(TagRule.Kind.NAMESPACE, organisation);
  }
}
