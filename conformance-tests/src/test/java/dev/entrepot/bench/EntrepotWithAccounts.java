package dev.entrepot.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This project's server with accounts, of which the bench uses the administrator's. */
final class EntrepotWithAccounts extends Entrepot {
  private static final String USER = "admin";
  private static final String PASSWORD = "only for this measurement";
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  EntrepotWithAccounts(Path directory) {
    super(directory, Map.of("ENTREPOT_AUTH_ADMIN_PASSWORD", PASSWORD));
  }

  @Override
  String auth() {
    return "on";
  }

  /** Not {@code /v2/}, which wants to know who asks. */
  @Override
  String readyPath() {
    return "/q/health/ready";
  }

  @Override
  Map<String, String> pushHeaders() {
    return Map.of("Authorization", basic(PASSWORD));
  }

  /** Lets everybody pull. */
  void makePublic(String repository) throws IOException {
    byte[] settings = "{\"visibility\":\"public\"}".getBytes(StandardCharsets.UTF_8);
    try (HttpConnection connection = new HttpConnection(port(), pushHeaders())) {
      connection.send("PATCH", "/api/v1/repositories/" + repository, JSON, settings).expect(200);
    }
  }

  /** A new personal access token, as the value of {@code Authorization}. */
  String newPersonalToken() throws IOException {
    byte[] token = "{\"name\":\"bench\"}".getBytes(StandardCharsets.UTF_8);
    try (HttpConnection connection = new HttpConnection(port(), pushHeaders())) {
      HttpConnection.Response made =
          connection.send("POST", "/api/v1/user/tokens", JSON, token).expect(201);
      return basic(text(made, "secret"));
    }
  }

  /** A new token of the registry, good for minutes, as the value of {@code Authorization}. */
  String newBearer(String repository) throws IOException {
    try (HttpConnection connection = new HttpConnection(port(), pushHeaders())) {
      String path = "/token?service=entrepot&scope=repository:" + repository + ":pull";
      return "Bearer " + text(connection.get(path).expect(200), "access_token");
    }
  }

  /** The text of a field; the bench has no library that reads JSON, and these have no escapes. */
  private static String text(HttpConnection.Response answer, String field) {
    String json = new String(answer.body(), StandardCharsets.UTF_8);
    Matcher matcher = Pattern.compile('"' + field + "\":\"([^\"]+)\"").matcher(json);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + field + " in the answer");
    }
    return matcher.group(1);
  }

  private static String basic(String secret) {
    byte[] both = (USER + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }
}
