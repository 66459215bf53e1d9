package dev.entrepot.account.robot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.account.token.AccessToken;
import dev.entrepot.account.token.IssuedToken;
import dev.entrepot.account.token.NewToken;
import dev.entrepot.account.token.TokenService;
import dev.entrepot.management.Answers;
import dev.entrepot.management.Idempotent;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.MergePatch;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The robots of an organisation, and their secrets. */
@Path("/api/v1/organisations/{organisation}/robots")
@Tag(name = "robots")
@RunOnVirtualThread
class RobotsResource {
  private final RobotService robots;
  private final TokenService tokens;
  private final MergePatch patches;

  RobotsResource(RobotService robots, TokenService tokens, MergePatch patches) {
    this.robots = robots;
    this.tokens = tokens;
    this.patches = patches;
  }

  /** A robot to be made. */
  record NewRobot(
      @NotBlank String name,
      @Nullable @Size(max = 500) String description,
      @Nullable Instant expiresAt) {}

  /** A secret to be made; the others stay good for so many seconds, or as they are. */
  record NewSecret(
      @NotBlank @Size(max = 100) String name,
      @Nullable Instant expiresAt,
      @Nullable @Min(0) @Max(31_536_000) Long othersEndInSeconds) {}

  @GET
  @Needs(Right.OWNER)
  @Operation(summary = "List the robots of an organisation by name")
  public RestResponse<List<Robot>> list(
      @PathParam("organisation") String organisation, @BeanParam @Valid PageRequest page) {
    return page.answer(
        robots.list(organisation, page.start(), page.fetch()),
        robot -> robot.name().substring(organisation.length() + 1));
  }

  @POST
  @Idempotent
  @Needs(Right.OWNER)
  @Operation(summary = "Make a robot")
  public RestResponse<Robot> create(
      @Context UriInfo uri,
      @PathParam("organisation") String organisation,
      @NotNull @Valid NewRobot robot) {
    String description = robot.description() == null ? "" : robot.description();
    return Answers.created(
        robots.create(organisation, robot.name(), description, robot.expiresAt()),
        uri,
        robot.name());
  }

  @GET
  @Path("{robot}")
  @Needs(Right.OWNER)
  @Operation(summary = "Show a robot")
  public RestResponse<Robot> get(
      @PathParam("organisation") String organisation, @PathParam("robot") String robot) {
    return Answers.tagged(robots.get(organisation, robot));
  }

  @PATCH
  @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
  @Path("{robot}")
  @Needs(Right.OWNER)
  @Operation(summary = "Change a robot")
  public RestResponse<Robot> change(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @RequestBody(content = @Content(schema = @Schema(implementation = RobotSettings.class)))
          @NotNull
          ObjectNode patch) {
    return Answers.tagged(
        robots.change(
            organisation, robot, patches.of(patch, RobotSettings.class), new IfMatch(ifMatch)));
  }

  @DELETE
  @Path("{robot}")
  @Needs(Right.OWNER)
  @Operation(summary = "Delete a robot with its secrets and grants")
  public void delete(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    robots.delete(organisation, robot, new IfMatch(ifMatch));
  }

  @GET
  @Path("{robot}/secrets")
  @Needs(Right.OWNER)
  @Operation(summary = "List the secrets of a robot in the order they were made")
  public RestResponse<List<AccessToken>> listSecrets(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @BeanParam @Valid PageRequest page) {
    long id = robots.get(organisation, robot).id();
    return page.answer(tokens.listRobot(id, page.startNumber(), page.fetch()), AccessToken::id);
  }

  @POST
  @Idempotent
  @Path("{robot}/secrets")
  @Needs(Right.OWNER)
  @Operation(summary = "Make a secret; it is in this answer only")
  public RestResponse<IssuedToken> createSecret(
      @Context UriInfo uri,
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @NotNull @Valid NewSecret secret) {
    long id = robots.get(organisation, robot).id();
    var token = new NewToken(secret.name(), null, null, secret.expiresAt());
    Long overlap = secret.othersEndInSeconds();
    IssuedToken issued =
        overlap == null
            ? tokens.issueRobot(id, token)
            : tokens.rotate(id, token, Duration.ofSeconds(overlap));
    return Answers.secret(issued, uri, issued.token().id());
  }

  @GET
  @Path("{robot}/secrets/{id}")
  @Needs(Right.OWNER)
  @Operation(summary = "Show a secret's name and times")
  public RestResponse<AccessToken> getSecret(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @PathParam("id") long id) {
    return Answers.tagged(tokens.getRobot(robots.get(organisation, robot).id(), id));
  }

  @DELETE
  @Path("{robot}/secrets/{id}")
  @Needs(Right.OWNER)
  @Operation(summary = "Revoke a secret of a robot")
  public void revokeSecret(
      @PathParam("organisation") String organisation,
      @PathParam("robot") String robot,
      @PathParam("id") long id,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    tokens.revokeRobot(robots.get(organisation, robot).id(), id, new IfMatch(ifMatch));
  }
}
