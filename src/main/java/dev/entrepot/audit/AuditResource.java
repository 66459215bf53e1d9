package dev.entrepot.audit;

import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
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

/** The audit log of the whole registry. */
@Path("/api/v1/audit")
@Tag(name = "audit")
@RunOnVirtualThread
class AuditResource {
  private final AuditService log;

  AuditResource(AuditService log) {
    this.log = log;
  }

  /** Newest first. */
  @GET
  @Operation(summary = "List what is in the audit log, newest first")
  @Needs(Right.ADMINISTRATOR)
  public RestResponse<List<RecordedEvent>> list(
      @BeanParam @Valid PageRequest page, @BeanParam @Valid AuditQuery query) {
    return page.answer(
        log.newest(query.filter(null), AuditQuery.position(page.after, Position.END), page.fetch()),
        RecordedEvent::position);
  }

  /** All that is settled after a key, oldest first, as lines of JSON. */
  @GET
  @Operation(summary = "Export the audit log from a key on, oldest first, as lines of JSON")
  @APIResponse(
      responseCode = "200",
      description = "A line for each event",
      content = @Content(schema = @Schema(implementation = RecordedEvent.class)))
  @Path("export")
  @Produces(AuditService.LINES)
  @Needs(Right.ADMINISTRATOR)
  public StreamingOutput export(
      @Parameter(description = "Only events after this key, such as that of the last line")
          @QueryParam("after")
          @Nullable String after,
      @BeanParam @Valid AuditQuery query) {
    AuditFilter filter = query.filter(null);
    Position start = AuditQuery.position(after, Position.START);
    return out -> log.export(filter, start, out);
  }

  /** The newest seal, to be kept elsewhere. */
  @GET
  @Operation(summary = "Show the newest seal of the audit log")
  @Path("head")
  @Needs(Right.ADMINISTRATOR)
  public AuditService.SignedHead head() {
    return log.head();
  }
}
