package dev.entrepot.identity;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.http.Forwarding;
import dev.entrepot.http.RequestGate;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Login of programs without a browser, with a provider's device flow. */
@Path("/login/device")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class DeviceResource {
  /**
   * Asks for a code.
   *
   * @param provider its name in the settings
   */
  public record Start(@NotBlank @Size(max = 32) String provider) {}

  /** Asks whether the user has let the program in. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Finish(
      @NotBlank @Size(max = 32) String provider, @NotBlank @Size(max = 2048) String deviceCode) {}

  /**
   * What the login ends with.
   *
   * @param token a personal access token: the password for {@code docker login}
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Done(String username, String token, Instant expiresAt) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Done[" + username + "]";
    }
  }

  private final DeviceLogin logins;
  private final Forwarding forwarding;
  private final RequestGate limits;
  private final boolean off;

  DeviceResource(
      DeviceLogin logins, Forwarding forwarding, RequestGate limits, EntrepotConfig config) {
    this.logins = logins;
    this.limits = limits;
    this.forwarding = forwarding;
    this.off = config.auth().mode() == AuthConfig.Mode.OFF;
  }

  /** Starts a login; the user goes to the address in the answer and enters the code. */
  @POST
  @Operation(hidden = true)
  public Response start(@NotNull @Valid Start start, @Context HttpServerRequest request) {
    limits.arrived(request);
    requireAccounts();
    return secret(logins.start(start.provider()));
  }

  /** Ends the login once the user has let the program in; until then 400 as RFC 8628 has it. */
  @POST
  @Path("token")
  @Operation(hidden = true)
  public Response finish(@NotNull @Valid Finish finish, @Context HttpServerRequest request)
      throws DeviceLogin.NotYetException {
    limits.arrived(request);
    requireAccounts();
    LoginSecrets.Issued issued =
        logins.finish(finish.provider(), finish.deviceCode(), forwarding.clientAddress(request));
    return secret(new Done(issued.username(), issued.secret().text(), issued.expiresAt()));
  }

  /** In the words of OAuth, which programs act on. */
  @ServerExceptionMapper
  public Response notYet(DeviceLogin.NotYetException e) {
    return Response.status(Response.Status.BAD_REQUEST)
        .entity(Map.of("error", e.error()))
        .header("Cache-Control", "no-store")
        .build();
  }

  private void requireAccounts() {
    if (off) {
      throw new NotFoundException();
    }
  }

  private static Response secret(Object entity) {
    return Response.ok(entity).header("Cache-Control", "no-store").build();
  }
}
