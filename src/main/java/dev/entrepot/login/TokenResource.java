package dev.entrepot.login;

import dev.entrepot.auth.Subject;
import dev.entrepot.auth.token.Jwks;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.http.Authentication;
import dev.entrepot.http.Forwarding;
import dev.entrepot.http.LoggedCaller;
import dev.entrepot.http.RequestGate;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * {@code /token}: the Docker token protocol, by GET and as OAuth 2 by POST; and the public keys.
 */
@Path("/token")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TokenResource {
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

  private final TokenService tokens;
  private final RefreshTokens refreshTokens;
  private final Authentication authentication;
  private final Logins logins;
  private final Forwarding forwarding;
  private final SigningKeys keys;
  private final RequestGate limits;

  TokenResource(
      TokenService tokens,
      RefreshTokens refreshTokens,
      Authentication authentication,
      Logins logins,
      Forwarding forwarding,
      SigningKeys keys,
      RequestGate limits) {
    this.tokens = tokens;
    this.refreshTokens = refreshTokens;
    this.authentication = authentication;
    this.logins = logins;
    this.forwarding = forwarding;
    this.keys = keys;
    this.limits = limits;
  }

  /** For whoever {@code Authorization} names, or nobody. */
  @GET
  @Operation(hidden = true)
  public Response get(@Context RoutingContext routing, @Context UriInfo uri) {
    HttpServerRequest request = routing.request();
    limits.arrived(request);
    MultivaluedMap<String, String> query = uri.getQueryParameters();
    return answer(
        tokens.give(
            request(
                "basic",
                query,
                "true".equals(query.getFirst("offline_token")),
                null,
                forwarding.clientAddress(request),
                () -> LoggedCaller.is(routing, authentication.identify(request)))));
  }

  /** For whoever the form's credentials name. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response post(@Context RoutingContext routing, MultivaluedMap<String, String> form) {
    HttpServerRequest request = routing.request();
    limits.arrived(request);
    boolean offline = "offline".equals(form.getFirst("access_type"));
    String grant = required(form, "grant_type");
    String address = forwarding.clientAddress(request);
    TokenRequest asked =
        switch (grant) {
          case "password" -> {
            var credentials =
                new BasicCredentials(required(form, "username"), required(form, "password"));
            yield request(
                grant,
                form,
                offline,
                null,
                address,
                () -> LoggedCaller.is(routing, logins.identify(credentials, address)));
          }
          case "refresh_token" -> {
            String token = required(form, "refresh_token");
            yield request(
                grant,
                form,
                offline,
                token,
                address,
                () ->
                    LoggedCaller.is(
                        routing,
                        logins.counted("refresh", address, () -> refreshTokens.use(token))));
          }
          case EXCHANGE -> {
            String token = required(form, "subject_token");
            String name = text(form, "username");
            String account = name == null || name.isEmpty() ? null : name;
            yield request(
                "exchange",
                form,
                false,
                null,
                address,
                () ->
                    LoggedCaller.is(
                        routing,
                        logins.counted(
                            "exchange", address, () -> logins.external(token, account))));
          }
          default ->
              throw new RegistryException(
                  ErrorCode.HEADER_INVALID,
                  "grant_type is one of password, refresh_token, " + EXCHANGE);
        };
    return answer(tokens.give(asked));
  }

  /** The keys that tokens can be checked with. */
  @GET
  @Path("/jwks")
  @Produces(Jwks.MEDIA_TYPE)
  @Operation(hidden = true)
  public Response jwks() {
    return Response.ok(Jwks.document(keys.published()))
        .header("Cache-Control", "public, max-age=300")
        .build();
  }

  /** In the words of the registry API and of OAuth 2: clients read one or the other. */
  @ServerExceptionMapper
  public Response refused(RegistryException e) {
    int status = e.code().status();
    String message = String.valueOf(e.getMessage());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(
        "error",
        status == 401
            ? "invalid_grant"
            : status == 400 ? "invalid_request" : "temporarily_unavailable");
    body.put("error_description", message);
    body.put(
        "errors",
        List.of(
            Map.of(
                "code",
                e.code().code(),
                "message",
                message,
                "detail",
                e.detail() == null ? Map.of() : e.detail())));
    Response.ResponseBuilder answer =
        Response.status(status)
            .type(MediaType.APPLICATION_JSON)
            .entity(body)
            .header("Cache-Control", "no-store");
    e.headers().forEach(answer::header);
    if (status == 401) {
      answer.header("WWW-Authenticate", "Basic realm=\"entrepot\", charset=\"UTF-8\"");
    }
    return answer.build();
  }

  private static TokenRequest request(
      String grant,
      MultivaluedMap<String, String> parameters,
      boolean offline,
      @Nullable String refreshToken,
      String address,
      Supplier<Subject> subject) {
    List<String> scopes = parameters.get("scope");
    String client = text(parameters, "client_id");
    return new TokenRequest(
        grant,
        text(parameters, "service"),
        scopes == null ? List.of() : scopes,
        client == null ? "" : client,
        offline,
        refreshToken,
        address,
        subject);
  }

  private static String required(MultivaluedMap<String, String> form, String name) {
    String value = text(form, name);
    if (value == null || value.isEmpty()) {
      throw new RegistryException(
          ErrorCode.HEADER_INVALID, "the parameter " + name + " is missing");
    }
    return value;
  }

  /** No text of ours can hold a NUL. */
  private static @Nullable String text(MultivaluedMap<String, String> parameters, String name) {
    String value = parameters.getFirst(name);
    if (value != null && value.indexOf('\0') >= 0) {
      throw new RegistryException(
          ErrorCode.HEADER_INVALID, "the parameter " + name + " holds a NUL");
    }
    return value;
  }

  private static Response answer(TokenAnswer answer) {
    return Response.ok(answer).header("Cache-Control", "no-store").build();
  }
}
