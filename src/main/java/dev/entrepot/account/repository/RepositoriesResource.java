package dev.entrepot.account.repository;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.management.Answers;
import dev.entrepot.management.Caller;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.ManagementRights;
import dev.entrepot.management.MergePatch;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.Catalog;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Repositories and their settings. A name has slashes, which clients and proxies do not all leave
 * escaped, so it is written as it is; what belongs to the repository comes after {@code /-/}, since
 * no component of a name is a dash.
 */
@Path("/api/v1/repositories")
@Tag(name = "repositories")
@RunOnVirtualThread
class RepositoriesResource {
  private final RepositorySettingsService repositories;
  private final Catalog catalog;
  private final MergePatch patches;
  private final Caller caller;
  private final ManagementRights rights;
  private final ContentEvents events;

  RepositoriesResource(
      RepositorySettingsService repositories,
      Catalog catalog,
      MergePatch patches,
      Caller caller,
      ManagementRights rights,
      ContentEvents events) {
    this.events = events;
    this.repositories = repositories;
    this.catalog = catalog;
    this.patches = patches;
    this.caller = caller;
    this.rights = rights;
  }

  @GET
  @Needs(Right.ANYBODY)
  @Operation(summary = "List by name the repositories that hold images the caller may pull")
  public RestResponse<List<ManagedRepository>> list(@BeanParam @Valid PageRequest page) {
    List<RepositoryName> names = catalog.list(caller.subject(), page.start(), page.fetch());
    return page.answer(
        repositories.list(names.stream().map(RepositoryName::value).toList()),
        ManagedRepository::name);
  }

  @GET
  @Path("{name:.+}")
  @Needs(Right.READ_REPOSITORY)
  @Operation(summary = "Show a repository")
  public RestResponse<ManagedRepository> get(@PathParam("name") String name) {
    return Answers.tagged(repositories.get(name));
  }

  /** Who may pull, and how much there may be, is not for those who look after tags and texts. */
  @PATCH
  @Path("{name:.+}")
  @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
  @Needs(Right.MAINTAIN_REPOSITORY)
  @Operation(summary = "Change a repository; visibility and quota take the role admin")
  public RestResponse<ManagedRepository> change(
      @PathParam("name") String name,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @RequestBody(content = @Content(schema = @Schema(implementation = RepositorySettings.class)))
          @NotNull
          ObjectNode patch) {
    if (patch.has("visibility") || patch.has("quotaBytes")) {
      rights.require(caller.subject(), Right.ADMINISTER_REPOSITORY, parameter -> name);
    }
    return Answers.tagged(
        repositories.change(
            name, patches.of(patch, RepositorySettings.class), new IfMatch(ifMatch)));
  }

  /** What it holds can be restored with it for a time. */
  @DELETE
  @Path("{name:.+}")
  @Needs(Right.ADMINISTER_REPOSITORY)
  @Operation(summary = "Delete a repository and all it holds")
  public void delete(
      @PathParam("name") String name, @HeaderParam("If-Match") @Nullable String ifMatch) {
    RepositoryName deleted = repositories.delete(name, new IfMatch(ifMatch), caller.actor());
    events.publish(new ContentEvent.RepositoryDeleted(deleted));
  }
}
