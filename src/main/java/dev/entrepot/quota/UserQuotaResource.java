package dev.entrepot.quota;

import dev.entrepot.management.Caller;
import dev.entrepot.management.Needs;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How much the repositories of a user may hold together. */
@Path("/api/v1/users/{user}/quota")
@Tag(name = "usage")
@RunOnVirtualThread
class UserQuotaResource {
  private final UsageReports usage;
  private final Caller caller;

  UserQuotaResource(UsageReports usage, Caller caller) {
    this.usage = usage;
    this.caller = caller;
  }

  /** The limit; null is none. */
  record NewQuota(@Nullable @PositiveOrZero Long bytes) {}

  @PUT
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "Limit what the repositories of a user may hold together")
  public UsageReport set(@PathParam("user") String user, @NotNull @Valid NewQuota quota) {
    return usage.limitUser(user, quota.bytes(), caller.actor());
  }
}
