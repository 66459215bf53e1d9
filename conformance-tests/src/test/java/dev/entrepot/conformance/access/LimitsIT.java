package dev.entrepot.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * How often passwords may be tried and requests be made, and what of them is logged. The test is a
 * proxy that the server trusts, so its requests come from whatever address it says.
 */
@OwnServer
@Section("Promise > Limits of callers")
class LimitsIT {
  private static final int REQUESTS = 300;
  private static final int PULLS = 3;

  private static Accounts accounts;

  @BeforeAll
  static void start() {
    accounts =
        Accounts.start(
            "ENTREPOT_HTTP_TRUSTED_PROXIES", "127.0.0.1/32",
            "ENTREPOT_RATE_LIMIT_EXEMPT_NETWORKS", "127.0.0.0/8",
            "ENTREPOT_RATE_LIMIT_REQUESTS_PER_ADDRESS", Integer.toString(REQUESTS),
            "ENTREPOT_RATE_LIMIT_REQUESTS_WINDOW", "24h",
            "ENTREPOT_RATE_LIMIT_PULLS_PER_ACCOUNT", Integer.toString(PULLS),
            "ENTREPOT_RATE_LIMIT_PULLS_WINDOW", "6h");
  }

  @AfterAll
  static void stop() {
    if (accounts != null) {
      accounts.close();
    }
  }

  private static RequestSpecification from(RequestSpecification request, String address) {
    return request.header("X-Forwarded-For", address);
  }

  /** Attempts until one is refused for coming too soon; how many were answered 401 before. */
  private static int untilThrottled(IntFunction<Response> attempt) {
    for (int attempts = 0; attempts < 200; attempts++) {
      Response answer = attempt.apply(attempts);
      if (answer.statusCode() == 429) {
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
        return attempts;
      }
      assertThat(answer.statusCode()).isEqualTo(401);
    }
    throw new AssertionError("never throttled");
  }

  @Promise
  void wrongPasswordsOfAnAccountFromAnAddressAreSlowedDown() {
    String user = accounts.user();
    List<String> paths = List.of("/v2/", "/token", "/api/v1/user");
    int tried =
        untilThrottled(
            i -> from(accounts.as(user, "wrong" + i), "192.0.2.1").get(paths.get(i % 3)));
    assertThat(tried).isGreaterThanOrEqualTo(10);
    from(accounts.as(user), "192.0.2.2").get("/v2/").then().statusCode(200);
  }

  @Promise
  void onePasswordTriedOnManyNamesFromAnAddressIsSlowedDown() {
    int tried =
        untilThrottled(
            i -> from(accounts.as(Registry.uniqueName(), "Spring2026!"), "192.0.2.3").get("/v2/"));
    assertThat(tried).isGreaterThanOrEqualTo(50);
    String user = accounts.user();
    from(accounts.as(user), "192.0.2.4").get("/v2/").then().statusCode(200);
  }

  @Promise
  void pullsOfAnAccountAreCountedWhereverItIs() {
    String user = accounts.user();
    String repository = user + "/app";
    Image image = accounts.push(user, repository, "v1");
    String path = "/v2/" + repository + "/manifests/" + image.manifest().digest();
    String token = accounts.token(accounts.as(user), "repository:" + repository + ":pull");
    for (int left = PULLS - 1; left >= 0; left--) {
      RequestSpecification as = left % 2 == 0 ? accounts.as(user) : accounts.bearer(token);
      from(as, "198.51.100." + left)
          .get(path)
          .then()
          .statusCode(200)
          .header("ratelimit-limit", equalTo(PULLS + ";w=21600"))
          .header("ratelimit-remaining", equalTo(left + ";w=21600"));
    }
    from(accounts.bearer(token), "198.51.100.9")
        .get(path)
        .then()
        .statusCode(429)
        .header("Retry-After", Integer::parseInt, greaterThan(1000))
        .header("ratelimit-remaining", equalTo("0;w=21600"))
        .body("errors[0].code", equalTo("TOOMANYREQUESTS"));
    from(accounts.as(Accounts.ADMIN), "198.51.100.9").get(path).then().statusCode(200);
  }

  @Promise
  void requestsOfAnAddressAreCountedWhicheverApiTheyAreFor() {
    String address = "203.0.113.1";
    List<String> paths = List.of("/v2/", "/token", "/api/v1/user");
    int answered = 0;
    while (from(accounts.request(), address).get(paths.get(answered % 3)).statusCode() != 429) {
      answered++;
      assertThat(answered).isLessThanOrEqualTo(REQUESTS + 1); // one comes back in five minutes
    }
    for (String path : paths) {
      from(accounts.request(), address)
          .get(path)
          .then()
          .statusCode(429)
          .header("Retry-After", Integer::parseInt, greaterThan(0));
    }
    from(accounts.request(), address)
        .get("/api/v1/user")
        .then()
        .contentType("application/problem+json")
        .body("code", equalTo("TOO_MANY_REQUESTS"));
    from(accounts.request(), "203.0.113.2").get("/token").then().statusCode(200);
  }

  @Promise
  void everyRequestIsLoggedAndNoSecretIs() {
    String user = accounts.user();
    Response personal = accounts.personalToken(user, "");
    String secret = personal.path("secret");
    Response answer =
        from(accounts.as(user, secret), "192.0.2.50")
            .header("X-Request-Id", "of-the-token")
            .get("/token?service=entrepot&offline_token=true&password=" + secret);
    answer.then().statusCode(200).header("X-Request-Id", equalTo("of-the-token"));
    accounts
        .request()
        .contentType("application/x-www-form-urlencoded")
        .body("grant_type=refresh_token&refresh_token=" + answer.path("refresh_token"))
        .post("/token")
        .then()
        .statusCode(200);
    from(accounts.as(user), "192.0.2.50").get("/api/v1/users/nobody?x=" + secret);
    accounts.request().get("/api/v1/user?password=" + Accounts.PASSWORD).then().statusCode(401);
    await()
        .untilAsserted(
            () ->
                assertThat(log())
                    .containsPattern(
                        "192\\.0\\.2\\.50 - "
                            + user
                            + " \\[.*] \"GET /token HTTP/1\\.1\" 200 [1-9]"
                            + "[0-9]* .* of-the-token\n")
                    .containsPattern(" - " + user + " \\[.*] \"POST /token HTTP/1\\.1\" 200 ")
                    .containsPattern(
                        " - " + user + " \\[.*] \"GET /api/v1/users/nobody HTTP/1\\.1\" 403 ")
                    .containsPattern(" - - \\[.*] \"GET /api/v1/user HTTP/1\\.1\" 401 "));
    for (String hidden :
        List.of(
            Accounts.PASSWORD,
            secret,
            answer.<String>path("token"),
            answer.<String>path("refresh_token"))) {
      assertThat(log()).doesNotContain(hidden);
      assertThat(accounts.server().logText()).doesNotContain(hidden);
    }
  }

  private static String log() {
    try {
      return Files.readString(
          accounts.server().dataDirectory().resolve("logs").resolve("access.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
