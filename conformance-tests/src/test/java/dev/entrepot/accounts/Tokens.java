package dev.entrepot.accounts;

import dev.entrepot.conformance.support.Registry;
import io.restassured.response.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of {@code /token}. */
record Tokens(Registry registry) {
  /** A token for these scopes, each a parameter of its own; for nobody when there is no login. */
  RegistryToken get(@Nullable Login login, String... scopes) {
    return token(ask(login, scopes));
  }

  /** The answer to such a request. */
  Response ask(@Nullable Login login, String... scopes) {
    List<String> parameters = new ArrayList<>(List.of("service=entrepot"));
    List.of(scopes).forEach(scope -> parameters.add("scope=" + encoded(scope)));
    return ask(login, String.join("&", parameters));
  }

  /** The answer to a request with this query. */
  Response ask(@Nullable Login login, String query) {
    var request = registry.request();
    if (login != null) {
      request.header("Authorization", login.basic());
    }
    return request.get("/token?" + query);
  }

  /** The answer to a form, as OAuth 2 has it. */
  Response post(Map<String, String> form) {
    List<String> fields = new ArrayList<>();
    form.forEach((name, value) -> fields.add(name + "=" + encoded(value)));
    return registry
        .request()
        .contentType("application/x-www-form-urlencoded")
        .body(String.join("&", fields))
        .post("/token");
  }

  static RegistryToken token(Response answer) {
    return new RegistryToken(
        answer.then().statusCode(200).extract().jsonPath().getString("access_token"));
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
