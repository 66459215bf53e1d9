package dev.entrepot.scrub;

import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Problem;
import dev.entrepot.management.Right;
import dev.entrepot.storage.Digest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Blobs whose bytes were found to be lost or rotten. */
@Path("/api/v1/quarantine")
@Tag(name = "quarantine")
@RunOnVirtualThread
class QuarantineResource {
  private final Quarantine quarantine;

  QuarantineResource(Quarantine quarantine) {
    this.quarantine = quarantine;
  }

  @GET
  @Needs(Right.ADMINISTRATOR)
  @Operation(summary = "List the blobs whose bytes are lost or rotten, by digest")
  public RestResponse<List<QuarantinedBlob>> list(@BeanParam @Valid PageRequest page) {
    List<Quarantine.Entry> entries =
        quarantine.list(after(page), page.fetch(), QuarantinedBlob.REPOSITORIES);
    return page.answer(entries.stream().map(QuarantinedBlob::of).toList(), QuarantinedBlob::digest);
  }

  private static @Nullable Digest after(PageRequest page) {
    return page.after == null
        ? null
        : Digest.tryParse(page.after)
            .orElseThrow(() -> Problem.INVALID.with("after is no key of this list"));
  }
}
