package dev.entrepot.account.trust;

import dev.entrepot.management.Answers;
import dev.entrepot.management.Idempotent;
import dev.entrepot.management.IfMatch;
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
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The rules by which tokens of issuers are a robot's. A rule is made and removed, not changed. */
@Path("/api/v1/organisations/{organisation}/robots/{robot}/rules")
@Tag(name = "trusted issuers")
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
  @Operation(summary = "List a robot's rules in the order they were made")
  public RestResponse<List<Rule>> list(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @BeanParam @Valid PageRequest page) {
    return page.answer(rules.list(organisation, robot, page.startNumber(), page.fetch()), Rule::id);
  }

  @POST
  @Idempotent
  @Needs(Right.OWNER)
  @Operation(summary = "Make an issuer's tokens with such claims the robot's")
  public RestResponse<Rule> create(
      @Context UriInfo uri,
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @NotNull @Valid NewRule rule) {
    Rule made = rules.create(organisation, robot, rule.issuer(), rule.claims());
    return Answers.created(made, uri, made.id());
  }

  @GET
  @Path("{id}")
  @Needs(Right.OWNER)
  @Operation(summary = "Show a rule")
  public RestResponse<Rule> get(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @PathParam("id") long id) {
    return Answers.tagged(rules.get(organisation, robot, id));
  }

  @DELETE
  @Path("{id}")
  @Needs(Right.OWNER)
  @Operation(summary = "Remove a rule; what was got by it ends")
  public void delete(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @PathParam("id") long id,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    rules.delete(organisation, robot, id, new IfMatch(ifMatch));
  }
}
