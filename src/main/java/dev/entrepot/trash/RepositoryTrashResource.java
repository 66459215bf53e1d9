package dev.entrepot.trash;

import dev.entrepot.management.Caller;
import dev.entrepot.management.Idempotent;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Deleted repositories. A name may have been given to another one, so they are known by number. */
@Path("/api/v1/trash")
@Tag(name = "trash")
@RunOnVirtualThread
class RepositoryTrashResource {
  private final RepositoryTrash trash;
  private final Caller caller;

  RepositoryTrashResource(RepositoryTrash trash, Caller caller) {
    this.trash = trash;
    this.caller = caller;
  }

  @GET
  @Needs(Right.SIGNED_IN)
  @Operation(summary = "List the deleted repositories that the caller may restore")
  public RestResponse<List<TrashedRepository>> list(@BeanParam @Valid PageRequest page) {
    return page.answer(
        trash.list(caller.subject(), page.startNumber(), page.fetch()), TrashedRepository::id);
  }

  @POST
  @Path("{id}/restore")
  @Idempotent
  @Needs(Right.SIGNED_IN)
  @Operation(summary = "Restore a deleted repository")
  public RestResponse<TrashedRepository> restore(@PathParam("id") long id) {
    return RestResponse.ok(trash.restore(id, caller.actor()));
  }
}
