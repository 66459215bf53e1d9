package dev.entrepot.account.repository;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.management.Answers;
import dev.entrepot.management.Caller;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.MergePatch;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import dev.entrepot.repository.Catalog;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * Repositories and their settings. A name has slashes, which clients and proxies do not all leave
 * escaped, so it is written as it is; what belongs to the repository comes after {@code /-/}, since
 * no component of a name is a dash.
 */
@Path("/api/v1/repositories")
@RunOnVirtualThread
class RepositoriesResource {
  private final RepositorySettingsService repositories;
  private final Catalog catalog;
  private final MergePatch patches;
  private final Caller caller;

  RepositoriesResource(
      RepositorySettingsService repositories, Catalog catalog, MergePatch patches, Caller caller) {
    this.repositories = repositories;
    this.catalog = catalog;
    this.patches = patches;
    this.caller = caller;
  }

  /** A repository of a list. */
  record Listed(String name) {}

  @GET
  @Needs(Right.SIGNED_IN)
  public Response list(@BeanParam @Valid PageRequest page) {
    return page.answer(
        catalog.list(caller.subject(), page.start(), page.fetch()).stream()
            .map(name -> new Listed(name.value()))
            .toList(),
        Listed::name);
  }

  @GET
  @Path("{name:.+}")
  @Needs(Right.READ_REPOSITORY)
  public Response get(@PathParam("name") String name) {
    return Answers.tagged(repositories.get(name));
  }

  @PATCH
  @Path("{name:.+}")
  @Needs(Right.ADMINISTER_REPOSITORY)
  public Response change(
      @PathParam("name") String name,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @NotNull ObjectNode patch) {
    return Answers.tagged(
        repositories.change(
            name, patches.of(patch, RepositorySettings.class), new IfMatch(ifMatch)));
  }
}
