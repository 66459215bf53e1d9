package dev.entrepot.account.trust;

import dev.entrepot.management.Answers;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;

/** The rules by which tokens of issuers are a robot's. A rule is made and removed, not changed. */
@Path("/api/v1/organisations/{organisation}/robots/{robot}/rules")
@RunOnVirtualThread
class RulesResource {
  private final RuleService rules;

  RulesResource(RuleService rules) {
    this.rules = rules;
  }

  /** A rule to be made; as {@link Rule}. */
  record NewRule(@NotBlank String issuer, @NotNull Map<String, @NotNull String> claims) {}

  @GET
  @Needs(Right.OWNER)
  public Response list(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @BeanParam @Valid PageRequest page) {
    return page.answer(rules.list(organisation, robot, page.startNumber(), page.fetch()), Rule::id);
  }

  @POST
  @Needs(Right.OWNER)
  public Response create(
      @Context UriInfo uri,
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @NotNull @Valid NewRule rule) {
    Rule made = rules.create(organisation, robot, rule.issuer(), rule.claims());
    return Answers.created(made, uri, Long.toString(made.id()));
  }

  @DELETE
  @Path("{id}")
  @Needs(Right.OWNER)
  public void delete(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @PathParam("id") long id) {
    rules.delete(organisation, robot, id);
  }
}
