package dev.entrepot.quota;

import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** What the repositories of an organisation hold, together and each. */
@Path("/api/v1/organisations/{organisation}/usage")
@Tag(name = "usage")
@RunOnVirtualThread
class OrganisationUsageResource {
  private final UsageReports usage;

  OrganisationUsageResource(UsageReports usage) {
    this.usage = usage;
  }

  @GET
  @Needs(Right.MEMBER)
  @Operation(summary = "Show what the repositories of an organisation hold together")
  public UsageReport get(@PathParam("organisation") String organisation) {
    return usage.of(UsageReports.Kind.ORGANISATION, organisation);
  }

  @GET
  @Path("repositories")
  @Needs(Right.OWNER)
  @Operation(summary = "List what each repository of an organisation holds")
  public RestResponse<List<UsageReport>> list(
      @PathParam("organisation") String organisation, @BeanParam @Valid PageRequest page) {
    return page.answer(
        usage.list(UsageReports.Kind.ORGANISATION, organisation, page.start(), page.fetch()),
        UsageReport::name);
  }
}
