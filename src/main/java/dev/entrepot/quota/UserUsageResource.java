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

/** What the repositories of a user hold, together and each. */
@Path("/api/v1/users/{user}/usage")
@Tag(name = "usage")
@RunOnVirtualThread
class UserUsageResource {
  private final UsageReports usage;

  UserUsageResource(UsageReports usage) {
    this.usage = usage;
  }

  @GET
  @Needs(Right.SELF)
  @Operation(summary = "Show what the repositories of a user hold together")
  public UsageReport get(@PathParam("user") String user) {
    return usage.of(UsageReports.Kind.USER, user);
  }

  @GET
  @Path("repositories")
  @Needs(Right.SELF)
  @Operation(summary = "List what each repository of a user holds")
  public RestResponse<List<UsageReport>> list(
      @PathParam("user") String user, @BeanParam @Valid PageRequest page) {
    return page.answer(
        usage.list(UsageReports.Kind.USER, user, page.start(), page.fetch()), UsageReport::name);
  }
}
