package dev.entrepot.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.conformance.support.RegistryServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A server with accounts, as its administrator and its users see it over HTTP. */
final class Management {
  /** The password of the user {@code admin}. */
  static final String PASSWORD = "correct-horse-battery";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client;
  private final URI url;

  Management(RegistryServer server) {
    this(server, HttpClient.newHttpClient());
  }

  /** With a client that has TLS of its own. */
  Management(RegistryServer server, HttpClient client) {
    this.url = server.url();
    this.client = client;
  }

  /** A server with accounts that has these settings too. */
  static RegistryServer.Builder server() {
    return RegistryServer.builder()
        .options("--auth", "on")
        .environment("ENTREPOT_AUTH_ADMIN_PASSWORD", PASSWORD);
  }

  /** Makes an organisation with a team of a provider's group that may do this in all of it. */
  void team(String organisation, String team, String provider, String group, String role) {
    organisation(organisation);
    String teams = "/api/v1/organisations/" + organisation + "/teams";
    admin("POST", teams, "{\"name\":\"%s\"}".formatted(team));
    admin(
        "PUT",
        teams + "/" + team + "/groups",
        "{\"groups\":[{\"provider\":\"%s\",\"group\":\"%s\"}]}".formatted(provider, group));
    grant(organisation, "team", team, role);
  }

  /** Makes an organisation that the administrator owns. */
  void organisation(String name) {
    admin("POST", "/api/v1/organisations", "{\"name\":\"%s\",\"owner\":\"admin\"}".formatted(name));
  }

  /** Makes a robot that may do this in all of the organisation. */
  void robot(String organisation, String robot, String role) {
    admin(
        "POST",
        "/api/v1/organisations/" + organisation + "/robots",
        "{\"name\":\"%s\"}".formatted(robot));
    grant(organisation, "robot", robot, role);
  }

  private void grant(String organisation, String kind, String name, String role) {
    admin(
        "POST",
        "/api/v1/organisations/" + organisation + "/grants",
        "{\"grantee\":{\"kind\":\"%s\",\"name\":\"%s\"},\"role\":\"%s\"}"
            .formatted(kind, name, role));
  }

  /** Makes a user with the administrator's password. */
  void user(String name) {
    admin(
        "POST",
        "/api/v1/users",
        "{\"name\":\"%s\",\"password\":\"%s\",\"administrator\":false}".formatted(name, PASSWORD));
  }

  /** What the administrator does; fails the test unless it works. */
  JsonNode admin(String method, String path, String body) {
    HttpResponse<String> answer =
        send(as("admin", path).method(method, BodyPublishers.ofString(body)));
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(method + " " + path + ": " + answer.statusCode() + answer.body());
    }
    return json(answer);
  }

  /** A form to {@code /token}. */
  HttpResponse<String> token(String... namesAndValues) {
    StringBuilder form = new StringBuilder("service=entrepot");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      form.append('&')
          .append(namesAndValues[i])
          .append('=')
          .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
    }
    return send(
        request("/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.toString())));
  }

  /** A form to {@code /token} that exchanges a token of somebody else's, whosever it is here. */
  HttpResponse<String> exchange(String token, String scope) {
    return exchange(token, "", scope);
  }

  /** The same for a named account. */
  HttpResponse<String> exchange(String token, String account, String scope) {
    return token(
        "username",
        account,
        "grant_type",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type",
        "urn:ietf:params:oauth:token-type:jwt",
        "subject_token",
        token,
        "scope",
        scope);
  }

  /** Starts an upload, which needs the right to push. */
  int push(String repository, String authorization) {
    return send(request("/v2/" + repository + "/blobs/uploads/")
            .header("Authorization", authorization)
            .POST(BodyPublishers.noBody()))
        .statusCode();
  }

  /** A request of this path by a user with the administrator's password. */
  HttpRequest.Builder as(String user, String path) {
    return request(path)
        .header("Authorization", basic(user, PASSWORD))
        .header("Content-Type", "application/json");
  }

  /** A request of this path. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String basic(String name, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  static String bearer(HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      throw new AssertionError("no token: " + answer.statusCode() + " " + answer.body());
    }
    return "Bearer " + json(answer).path("token").asText();
  }
}
