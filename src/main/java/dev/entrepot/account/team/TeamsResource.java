package dev.entrepot.account.team;

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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The teams of an organisation. */
@Path("/api/v1/organisations/{organisation}/teams")
@Tag(name = "teams")
@RunOnVirtualThread
class TeamsResource {
  private final TeamService teams;

  TeamsResource(TeamService teams) {
    this.teams = teams;
  }

  /** A team to be made. */
  record NewTeam(@NotBlank String name) {}

  @GET
  @Needs(Right.MEMBER)
  @Operation(summary = "List the teams of an organisation by name")
  public RestResponse<List<Team>> list(
      @PathParam("organisation") String organisation, @BeanParam @Valid PageRequest page) {
    return page.answer(teams.list(organisation, page.start(), page.fetch()), Team::name);
  }

  @POST
  @Idempotent
  @Needs(Right.OWNER)
  @Operation(summary = "Make a team")
  public RestResponse<Team> create(
      @Context UriInfo uri,
      @PathParam("organisation") String organisation,
      @NotNull @Valid NewTeam team) {
    return Answers.created(teams.create(organisation, team.name()), uri, team.name());
  }

  @GET
  @Path("{team}")
  @Needs(Right.MEMBER)
  @Operation(summary = "Show a team")
  public RestResponse<Team> get(
      @PathParam("organisation") String organisation, @PathParam("team") String team) {
    return Answers.tagged(teams.get(organisation, team));
  }

  @DELETE
  @Path("{team}")
  @Needs(Right.OWNER)
  @Operation(summary = "Delete a team, and with it the roles it gave")
  public void delete(
      @PathParam("organisation") String organisation,
      @PathParam("team") String team,
      @HeaderParam("If-Match") @Nullable String ifMatch) {
    teams.delete(organisation, team, new IfMatch(ifMatch));
  }

  @GET
  @Path("{team}/members")
  @Needs(Right.MEMBER)
  @Operation(summary = "List the members of a team by name")
  public RestResponse<List<TeamMember>> listMembers(
      @PathParam("organisation") String organisation,
      @PathParam("team") String team,
      @BeanParam @Valid PageRequest page) {
    return page.answer(
        teams.listMembers(organisation, team, page.start(), page.fetch()), TeamMember::key);
  }

  @PUT
  @Path("{team}/members/{user}")
  @Needs(Right.OWNER)
  @Operation(summary = "Put a member of the organisation into a team")
  public void addMember(
      @PathParam("organisation") String organisation,
      @PathParam("team") String team,
      @PathParam("user") String user) {
    teams.addMember(organisation, team, user);
  }

  @DELETE
  @Path("{team}/members/{user}")
  @Needs(Right.OWNER)
  @Operation(summary = "Take a user out of a team")
  public void removeMember(
      @PathParam("organisation") String organisation,
      @PathParam("team") String team,
      @PathParam("user") String user) {
    teams.removeMember(organisation, team, user);
  }

  @GET
  @Path("{team}/groups")
  @Needs(Right.MEMBER)
  @Operation(summary = "Show which groups of identity providers are in a team")
  public RestResponse<ExternalGroups> getGroups(
      @PathParam("organisation") String organisation, @PathParam("team") String team) {
    return Answers.tagged(teams.getGroups(organisation, team));
  }

  @PUT
  @Path("{team}/groups")
  @Needs(Right.OWNER)
  @Operation(summary = "Say which groups of identity providers are in a team")
  public RestResponse<ExternalGroups> setGroups(
      @PathParam("organisation") String organisation,
      @PathParam("team") String team,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @NotNull @Valid ExternalGroups groups) {
    return Answers.tagged(teams.setGroups(organisation, team, groups, new IfMatch(ifMatch)));
  }
}
