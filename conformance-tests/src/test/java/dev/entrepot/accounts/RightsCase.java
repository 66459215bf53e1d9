package dev.entrepot.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.accounts.RightsTable.Row;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Registry;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** A row of the rights table on a server: a repository, and somebody who asks. */
final class RightsCase {
  private final Registry registry;
  private final Row row;
  private final String repository;
  private final @Nullable Login login;
  private final Image image = Image.random();

  RightsCase(Registry registry, Row row, RightsActors actors) {
    this.registry = registry;
    this.row = row;
    this.repository = actors.newRepository(row);
    this.login = actors.find(row);
  }

  /** Makes what the row is about. */
  void prepare() {
    if (row.isAbsent()) {
      return;
    }
    Accounts accounts = new Accounts(registry);
    Push.as(Accounts.ADMINISTRATOR, registry).image(repository, image, "v1", "old");
    accounts.setVisibility(repository, row.repository());
    if (!row.role().equals("none")) {
      accounts.grant(repository, Objects.requireNonNull(login), row.role());
    }
  }

  /** What a token holds when these actions, separated by commas, were asked for. */
  Set<String> token(String actions) {
    String scope = "repository:" + repository + ":" + actions;
    return new Tokens(registry).get(login, scope).actions(repository);
  }

  /**
   * A request for each action that there is one for, in the order in which they can be made. What
   * is absent can be neither pulled nor changed by anybody: there only the push tells.
   */
  Map<String, Executable> requests() {
    Map<String, Executable> requests = new LinkedHashMap<>();
    if (!row.isAbsent()) {
      for (String read : List.of("manifests/v1", "blobs/" + config(), "tags/list", referrers())) {
        requests.put("pull " + read, () -> expect("pull", 200, get(read)));
      }
      requests.put("find it in the catalogue", this::expectInCatalogue);
      requests.put("retag", () -> expect("retag", 201, put("v1")));
      requests.put("delete", () -> expect("delete", 202, delete()));
      requests.put("administer", this::expectManaged);
    }
    requests.put("start an upload", () -> expect("push", 202, startUpload()));
    requests.put("push a tag", () -> expect("push", 201, put("new")));
    return requests;
  }

  private String config() {
    return image.config().digest();
  }

  private String referrers() {
    return "referrers/" + image.manifest().digest();
  }

  private Response get(String rest) {
    return request().get("/v2/" + repository + "/" + rest);
  }

  private void expectInCatalogue() {
    String token = new Tokens(registry).get(login, "registry:catalog:*").bearer();
    assertThat(new Accounts(registry).catalogue(token).contains(repository))
        .isEqualTo(row.allows("pull"));
  }

  private Response startUpload() {
    return request().post("/v2/" + repository + "/blobs/uploads/");
  }

  private Response put(String tag) {
    Manifest other = Manifest.index().build();
    return request()
        .contentType(other.mediaType())
        .body(other.bytes())
        .put("/v2/" + repository + "/manifests/" + tag);
  }

  private Response delete() {
    return request().delete("/v2/" + repository + "/manifests/old");
  }

  private RequestSpecification request() {
    RequestSpecification request = registry.request();
    return login == null ? request : request.header("Authorization", login.basic());
  }

  private void expect(String action, int allowed, Response answer) {
    if (row.allows(action)) {
      assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(allowed);
    } else {
      assertThat(code(answer)).isEqualTo(refusal(action));
    }
  }

  private static String code(Response answer) {
    return answer.statusCode() + " " + answer.jsonPath().getString("errors[0].code");
  }

  private String refusal(String action) {
    if (row.isAnonymous()) {
      return "401 UNAUTHORIZED";
    }
    return action.equals("pull") ? "404 NAME_UNKNOWN" : "403 DENIED";
  }

  private void expectManaged() {
    Response answer =
        request()
            .contentType("application/json")
            .body("{\"visibility\":\"" + row.repository() + "\"}")
            .patch("/api/v1/repositories/" + repository);
    int refused = row.isAnonymous() ? 401 : row.allows("pull") ? 403 : 404;
    assertThat(answer.statusCode())
        .as(answer.asString())
        .isEqualTo(row.allows("administer") ? 200 : refused);
  }
}
