package dev.entrepot.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.accounts.Accounts.Issued;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.RawResponse;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked of {@code /token}, by whom, and what comes of it. */
@OwnServer
@ExtendWith(SharedServer.class)
@Section("Promise > Asking for tokens")
class TokenGrantsIT {
  private static final String INJECTION = "%0d%0aSet-Cookie:%20a=b";

  private static Accounts accounts;
  private static Registry registry;
  private static Tokens tokens;
  private static Login user;
  private static String repository;
  private static String scope;

  @BeforeAll
  static void push(Accounts given) {
    accounts = given;
    registry = accounts.registry();
    tokens = new Tokens(registry);
    user = accounts.newUser();
    repository = user.name() + "/app";
    scope = "repository:" + repository + ":pull,push";
    Push.as(user, registry).image(repository, Image.random(), "v1");
  }

  private static Map<String, String> form(String grant, String... more) {
    Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", grant));
    form.put("service", "entrepot");
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], more[i + 1]);
    }
    return form;
  }

  private static Map<String, String> passwordForm(Login login, String... more) {
    Map<String, String> form = form("password", more);
    form.put("username", login.name());
    form.put("password", login.secret());
    return form;
  }

  private static Response refresh(String refreshToken, String... more) {
    Map<String, String> form = form("refresh_token", more);
    form.put("refresh_token", refreshToken);
    return tokens.post(form);
  }

  private static String refreshToken(Login login) {
    return tokens
        .ask(login, "service=entrepot&client_id=test&offline_token=true")
        .then()
        .statusCode(200)
        .extract()
        .path("refresh_token");
  }

  @Promise
  void passwordGrantHoldsWhatAGetDoes() {
    for (Login login : List.of(user, accounts.newToken(user).login())) {
      RegistryToken posted = Tokens.token(tokens.post(passwordForm(login, "scope", scope)));
      assertThat(posted.claims().get("access"))
          .isEqualTo(tokens.get(login, scope).claims().get("access"));
      assertThat(posted.actions(repository)).containsExactly("pull", "push");
    }
  }

  @Promise
  void refreshTokenComesOnlyWhenItIsAskedFor() {
    tokens.post(passwordForm(user)).then().statusCode(200).body("refresh_token", nullValue());
    tokens.ask(user, scope).then().statusCode(200).body("refresh_token", nullValue());
    String offline =
        tokens.post(passwordForm(user, "access_type", "offline")).path("refresh_token");
    assertThat(offline).startsWith("entr_");
    assertThat(Tokens.token(refresh(offline, "scope", scope)).actions(repository))
        .containsExactly("pull", "push");
  }

  @Promise
  void refreshTokenIsUsedAgainAndForOtherScopes() {
    String refreshToken = refreshToken(user);
    for (String actions : List.of("pull", "push", "delete")) {
      String asked = "repository:" + repository + ":" + actions;
      Response answer = refresh(refreshToken, "scope", asked);
      assertThat(Tokens.token(answer).actions(repository)).containsExactly(actions);
      answer.then().body("refresh_token", equalTo(refreshToken));
    }
  }

  @Promise
  void refreshTokenIsNoPasswordAndNoOtherSecretIsARefreshToken() {
    Login withRefreshToken = new Login(user.name(), refreshToken(user));
    registry
        .request()
        .header("Authorization", withRefreshToken.basic())
        .get("/v2/")
        .then()
        .statusCode(401);
    String personal = accounts.newToken(user).login().secret();
    String registryToken = tokens.get(user, scope).text();
    for (String other : List.of(personal, registryToken, "entr_", "entr_" + "a".repeat(38), "x")) {
      refresh(other).then().statusCode(401).body("error", equalTo("invalid_grant"));
    }
  }

  @Promise
  void robotGetsTokensAndRefreshTokensToo() {
    String organisation = accounts.newOrganisation(user);
    Login robot = accounts.newRobot(organisation);
    accounts.grantInOrganisation(organisation, robot, "write");
    String asked = "repository:" + organisation + "/app:pull,push,delete";

    RegistryToken token = Tokens.token(refresh(refreshToken(robot), "scope", asked));

    assertThat(token.actions(organisation + "/app")).containsExactly("pull", "push");
  }

  @Promise
  void severalScopesComeInOneParameterOrInSeveral() {
    String other = user.name() + "/other";
    String both = scope + " repository:" + other + ":pull registry:catalog:*";
    RegistryToken together = tokens.get(user, both);
    RegistryToken apart =
        tokens.get(user, scope, "repository:" + other + ":pull", "registry:catalog:*");
    RegistryToken again = tokens.get(user, scope, "repository:" + repository + ":delete");

    assertThat(apart.claims().get("access")).isEqualTo(together.claims().get("access"));
    assertThat(together.claims().get("access")).hasSize(3);
    assertThat(again.actions(repository)).containsExactly("delete", "pull", "push");
  }

  @Promise
  void limitedTokenGivesNoMoreThanItHolds() {
    Map<String, ?> limits = Map.of("actions", List.of("pull"), "repositories", List.of(repository));
    Login limited = accounts.newToken(user, limits).login();
    String other = user.name() + "/other";
    Push.as(user, registry).image(other, Image.random(), "v1");

    RegistryToken token =
        tokens.get(limited, scope, "repository:" + other + ":pull", "registry:catalog:*");

    assertThat(token.actions(repository)).containsExactly("pull");
    assertThat(token.actions(other)).isEmpty();
    assertThat(token.actions("catalog")).isEmpty();
    assertThat(status(limited, "GET", repository + "/manifests/v1")).isEqualTo(200);
    assertThat(status(limited, "POST", repository + "/blobs/uploads/")).isEqualTo(403);
    assertThat(status(limited, "GET", other + "/manifests/v1")).isEqualTo(404);
    RegistryToken refreshed = Tokens.token(refresh(refreshToken(limited), "scope", scope));
    assertThat(refreshed.actions(repository)).containsExactly("pull");
  }

  private static int status(Login login, String method, String rest) {
    return registry
        .request()
        .header("Authorization", login.basic())
        .request(method, "/v2/" + rest)
        .statusCode();
  }

  @Promise
  void expiredTokenEndsWithAllThatWasGotWithIt() {
    Instant soon = Instant.now().plusSeconds(3);
    Issued issued = accounts.newToken(user, Map.of("expiresAt", soon.toString()));
    String refreshToken = refreshToken(issued.login());

    await().until(() -> status(issued.login(), "GET", repository + "/manifests/v1") == 401);

    tokens.ask(issued.login(), scope).then().statusCode(401);
    refresh(refreshToken).then().statusCode(401).body("error", equalTo("invalid_grant"));
    assertThat(Instant.now()).isAfter(soon);
  }

  @Promise
  void formsThatLackSomethingAreBad() {
    for (Map<String, String> form :
        List.of(
            form("password"),
            form("password", "username", user.name()),
            form("refresh_token"),
            form("client_credentials"),
            passwordForm(user, "scope", "nonsense"),
            passwordForm(user, "service", "another"))) {
      tokens.post(form).then().statusCode(400).body("error", equalTo("invalid_request"));
    }
  }

  @Promise
  void lineBreaksGetIntoNoHeader() {
    List<String> targets =
        List.of(
            "/token?service=entrepot" + INJECTION,
            "/token?scope=repository:a" + INJECTION + ":pull",
            "/token?account=a" + INJECTION + "&client_id=b" + INJECTION,
            "/v2/a" + INJECTION + "/manifests/v1",
            "/v2/a/manifests/v1" + INJECTION,
            "/v2/a/blobs/uploads/?mount=b" + INJECTION + "&from=c" + INJECTION);
    for (String target : targets) {
      for (String method : List.of("GET", "POST")) {
        try (RawConnection connection = registry.connect()) {
          RawResponse answer =
              connection
                  .sendHead(method, target, "Content-Length: 0", "Authorization: " + user.basic())
                  .read();
          assertThat(answer.header("Set-Cookie")).as(method + " " + target).isEmpty();
          assertThat(answer.status()).as(method + " " + target).isBetween(200, 499);
        }
      }
    }
  }

  @Promise
  void credentialsThatAreNoneAreRefused() {
    String good = user.basic();
    for (String bad :
        List.of(
            "Basic", "Basic " + good, "Bearer", "Bearer " + good, "Digest x", "Basic !!", "x")) {
      registry.request().header("Authorization", bad).get("/v2/").then().statusCode(401);
    }
  }

  /** A proxy in front may go by another one of the two than the registry. */
  @Promise
  void twoCredentialsAtOnceAreRefused() {
    String bad = new Login("nobody", "entp_" + "a".repeat(38)).basic();
    for (List<String> pair : List.of(List.of(bad, user.basic()), List.of(user.basic(), bad))) {
      try (RawConnection connection = registry.connect()) {
        connection.sendHead(
            "GET", "/v2/", "Authorization: " + pair.get(0), "Authorization: " + pair.get(1));
        assertThat(connection.read().status()).isEqualTo(401);
      }
    }
  }
}
