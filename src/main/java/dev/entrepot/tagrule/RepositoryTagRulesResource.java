package dev.entrepot.tagrule;

import dev.entrepot.management.Idempotent;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import dev.entrepot.oci.RepositoryName;
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

/** Rules of one repository. */
@Path("/api/v1/repositories/{name:.+}/-/tag-rules")
@Tag(name = "tag rules")
@RunOnVirtualThread
class RepositoryTagRulesResource {
  private final TagRuleAnswers answers;

  RepositoryTagRulesResource(TagRuleAnswers answers) {
    this.answers = answers;
  }

  @GET
  @Needs(Right.READ_REPOSITORY)
  @Operation(summary = "List the tag rules of a repository in the order they were made")
  public RestResponse<List<ShownTagRule>> list(
      @PathParam("name") String name, @BeanParam @Valid PageRequest page) {
    return answers.list(owner(name), page);
  }

  @POST
  @Idempotent
  @Needs(Right.MAINTAIN_REPOSITORY)
  @Operation(summary = "Make a tag rule of a repository")
  public RestResponse<ShownTagRule> create(
      @PathParam("name") String name, @Context UriInfo uri, @NotNull @Valid NewTagRule rule) {
    return answers.create(owner(name), rule, uri);
  }

  @GET
  @Path("{id}")
  @Needs(Right.READ_REPOSITORY)
  @Operation(summary = "Show a tag rule of a repository")
  public RestResponse<ShownTagRule> get(@PathParam("name") String name, @PathParam("id") long id) {
    return answers.get(owner(name), id);
  }

  @DELETE
  @Path("{id}")
  @Needs(Right.MAINTAIN_REPOSITORY)
  @Operation(summary = "Delete a tag rule of a repository")
  public void remove(
      @PathParam("name") String name,
      @PathParam("id") long id,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    answers.remove(owner(name), id, ifMatch);
  }

  private static TagRule.Owner owner(String name) {
    return new TagRule.Owner(
        TagRule.Kind.REPOSITORY,
        RepositoryName.tryParse(name).map(RepositoryName::value).orElse(name));
  }
}
