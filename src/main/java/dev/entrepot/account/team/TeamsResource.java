package dev.entrepot.account.team;

import dev.entrepot.management.Answers;
import dev.entrepot.management.Needs;
import dev.entrepot.management.PageRequest;
import dev.entrepot.management.Right;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;

/** The teams of an organisation. */
@Path("/api/v1/organisations/{organisation}/teams")
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
  public Response list(
      @PathParam("organisation") String organisation, @BeanParam @Valid PageRequest page) {
    return page.answer(teams.list(organisation, page.start(), page.fetch()), Team::name);
  }

  @POST
  @Needs(Right.OWNER)
  public Response create(
      @Context UriInfo uri,
      @PathParam("organisation") String organisation,
      @NotNull @Valid NewTeam team) {
    return Answers.created(teams.create(organisation, team.name()), uri, team.name());
  }

  @GET
  @Path("{team}")
  @Needs(Right.MEMBER)
  public Team get(@PathParam("organisation") String organisation, @PathParam("team") String team) {
    return teams.get(organisation, team);
  }

  @DELETE
  @Path("{team}")
  @Needs(Right.OWNER)
  public void delete(
      @PathParam("organisation") String organisation, @PathParam("team") String team) {
    teams.delete(organisation, team);
  }

  @GET
  @Path("{team}/members")
  @Needs(Right.MEMBER)
  public Response listMembers(
      @PathParam("organisation") String organisation,
      @PathParam("team") String team,
      @BeanParam @Valid PageRequest page) {
    return page.answer(
        teams.listMembers(organisation, team, page.start(), page.fetch()), TeamMember::user);
  }

  @PUT
  @Path("{team}/members/{user}")
  @Needs(Right.OWNER)
  public void addMember(
      @PathParam("organisation") String organisation,
      @PathParam("team") String team,
      @PathParam("user") String user) {
    teams.addMember(organisation, team, user);
  }

  @DELETE
  @Path("{team}/members/{user}")
  @Needs(Right.OWNER)
  public void removeMember(
      @PathParam("organisation") String organisation,
      @PathParam("team") String team,
      @PathParam("user") String user) {
    teams.removeMember(organisation, team, user);
  }

  @GET
  @Path("{team}/groups")
  @Needs(Right.MEMBER)
  public List<ExternalGroup> listGroups(
      @PathParam("organisation") String organisation, @PathParam("team") String team) {
    return teams.listGroups(organisation, team);
  }

  @PUT
  @Path("{team}/groups")
  @Needs(Right.OWNER)
  public List<ExternalGroup> setGroups(
      @PathParam("organisation") String organisation,
      @PathParam("team") String team,
      @NotNull @Size(max = 100) Set<@Valid @NotNull ExternalGroup> groups) {
    teams.setGroups(organisation, team, groups);
    return teams.listGroups(organisation, team);
  }
}
