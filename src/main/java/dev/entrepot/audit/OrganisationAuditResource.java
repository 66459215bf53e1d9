package dev.entrepot.audit;

import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What was done in an organisation and its repositories. */
@Path("/api/v1/organisations/{organisation}/audit")
@RunOnVirtualThread
class OrganisationAuditResource {
  private final AuditService log;

  OrganisationAuditResource(AuditService log) {
    this.log = log;
  }

  /** Newest first. */
  @GET
  @Operation(hidden = true)
  @Needs(Right.OWNER)
  public RestResponse<List<RecordedEvent>> list(
      @PathParam("organisation") String organisation,
      @BeanParam @Valid PageRequest page,
      @BeanParam @Valid AuditQuery query) {
    return page.answer(
        log.newest(
            query.filter(organisation),
            AuditQuery.position(page.after, Position.END),
            page.fetch()),
        RecordedEvent::position);
  }

  /** All that is settled after a key, oldest first, as lines of JSON. */
  @GET
  @Operation(hidden = true)
  @Path("export")
  @Produces(AuditService.LINES)
  @Needs(Right.OWNER)
  public StreamingOutput export(
      @PathParam("organisation") String organisation,
      @QueryParam("after") @Nullable String after,
      @BeanParam @Valid AuditQuery query) {
    AuditFilter filter = query.filter(organisation);
    Position start = AuditQuery.position(after, Position.START);
    return out -> log.export(filter, start, out);
  }
}
