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
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What was done in an organisation and its repositories. */
@Path("/api/v1/organisations/{organisation}/audit")
@Tag(name = "audit")
@RunOnVirtualThread
class OrganisationAuditResource {
  private final AuditService log;

  OrganisationAuditResource(AuditService log) {
    this.log = log;
  }

  /** Newest first. */
  @GET
  @Operation(summary = "List what was done in an organisation, newest first")
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
  @Operation(
      summary =
          "Export what was done in an organisation from a key on, oldest first, as lines of JSON")
  @APIResponse(
      responseCode = "200",
      description = "A line for each event",
      content = @Content(schema = @Schema(implementation = RecordedEvent.class)))
  @Path("export")
  @Produces(AuditService.LINES)
  @Needs(Right.OWNER)
  public StreamingOutput export(
      @PathParam("organisation") String organisation,
      @Parameter(description = "Only events after this key, such as that of the last line")
          @QueryParam("after")
          @Nullable String after,
      @BeanParam @Valid AuditQuery query) {
    AuditFilter filter = query.filter(organisation);
    Position start = AuditQuery.position(after, Position.START);
    return out -> log.export(filter, start, out);
  }
}
