package dev.entrepot.gc;

import dev.entrepot.management.Needs;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Link;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** What clean-up would do. */
@Path("/api/v1/clean-up")
@Tag(name = "clean-up")
@RunOnVirtualThread
class CleanUpResource {
  private final CleanUpReport report;

  CleanUpResource(CleanUpReport report) {
    this.report = report;
  }

  @GET
  @Needs(Right.ADMINISTRATOR)
  @Operation(
      summary = "Say what clean-up would take away",
      description =
          "A page is what was found among some thousand rows: it may be empty and have a next one.")
  public RestResponse<List<CleanUpReport.Item>> list(
      @QueryParam("after")
          @DefaultValue("")
          @Pattern(regexp = "|(manifest|blob|bytes) ([0-9]+:)?[0-9a-f]*")
          String after,
      @Context UriInfo uri) {
    CleanUpReport.Page page = report.page(after);
    var answer = ResponseBuilder.ok(page.items());
    if (page.next() != null) {
      var next = uri.getRequestUriBuilder().replaceQueryParam("after", page.next()).build();
      answer.links(Link.fromUri("?" + next.getRawQuery()).rel("next").build());
    }
    return answer.build();
  }
}
