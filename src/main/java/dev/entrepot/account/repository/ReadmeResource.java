package dev.entrepot.account.repository;

import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Needs;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** A repository's README: the text itself, so that a pipeline can send a file as it is. */
@Path("/api/v1/repositories/{name:.+}/-/readme")
@Tag(name = "repositories")
@RunOnVirtualThread
class ReadmeResource {
  private static final String MARKDOWN = "text/markdown;charset=UTF-8";

  private final RepositorySettingsService repositories;

  ReadmeResource(RepositorySettingsService repositories) {
    this.repositories = repositories;
  }

  @GET
  @Produces(MARKDOWN)
  @Needs(Right.READ_REPOSITORY)
  @Operation(summary = "Show the README of a repository")
  public RestResponse<String> get(@PathParam("name") String name) {
    return answer(repositories.getReadme(name));
  }

  @PUT
  @Consumes("text/markdown")
  @Produces(MARKDOWN)
  @Needs(Right.MAINTAIN_REPOSITORY)
  @Operation(summary = "Write the README of a repository")
  public RestResponse<String> put(
      @PathParam("name") String name,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @NotNull String markdown) {
    return answer(repositories.putReadme(name, markdown, new IfMatch(ifMatch)));
  }

  @DELETE
  @Needs(Right.MAINTAIN_REPOSITORY)
  @Operation(summary = "Delete the README of a repository")
  public void delete(
      @PathParam("name") String name, @HeaderParam("If-Match") @Nullable String ifMatch) {
    repositories.deleteReadme(name, new IfMatch(ifMatch));
  }

  /** Browsers must not take it for anything that they run. */
  private static RestResponse<String> answer(Readme readme) {
    return ResponseBuilder.ok(readme.markdown())
        .header(HttpHeaders.ETAG, IfMatch.tag(readme))
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }
}
