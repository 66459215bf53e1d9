package dev.entrepot.quota;

import dev.entrepot.management.Needs;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a repository holds. */
@Path("/api/v1/repositories/{name:.+}/-/usage")
@Tag(name = "usage")
@RunOnVirtualThread
class RepositoryUsageResource {
  private final UsageReports usage;

  RepositoryUsageResource(UsageReports usage) {
    this.usage = usage;
  }

  @GET
  @Needs(Right.READ_REPOSITORY)
  @Operation(summary = "Show what a repository holds")
  public UsageReport get(@PathParam("name") String name) {
    return usage.ofRepository(name);
  }
}
