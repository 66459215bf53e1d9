package dev.entrepot.trash;

import dev.entrepot.management.Caller;
import dev.entrepot.management.Idempotent;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Problem;
import dev.entrepot.management.Right;
import dev.entrepot.oci.RepositoryName;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** What was deleted in a repository. */
@Path("/api/v1/repositories/{name:.+}/-/trash")
@Tag(name = "trash")
@RunOnVirtualThread
class TrashResource {
  private final TrashService trash;
  private final Caller caller;

  TrashResource(TrashService trash, Caller caller) {
    this.trash = trash;
    this.caller = caller;
  }

  @GET
  @Needs(Right.MAINTAIN_REPOSITORY)
  @Operation(summary = "List the deleted manifests and tags that can be restored, oldest first")
  public RestResponse<List<TrashedContent>> list(
      @PathParam("name") String name, @BeanParam @Valid PageRequest page) {
    return page.answer(
        trash.list(repository(name), page.startNumber(), page.fetch()), TrashedContent::id);
  }

  @POST
  @Path("{id}/restore")
  @Idempotent
  @Needs(Right.MAINTAIN_REPOSITORY)
  @Operation(summary = "Restore a deleted manifest with its tags, or a deleted tag")
  public RestResponse<TrashedContent> restore(
      @PathParam("name") String name, @PathParam("id") long id, @NotNull @Valid Restoring how) {
    return RestResponse.ok(trash.restore(repository(name), id, how.force(), caller.actor()));
  }

  private static RepositoryName repository(String name) {
    return RepositoryName.tryParse(name)
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such repository"));
  }
}
