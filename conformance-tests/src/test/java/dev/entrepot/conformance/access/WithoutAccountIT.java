package dev.entrepot.conformance.access;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Section;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What a server with accounts answers to whoever has none. */
@OwnServer
@Section("Promise > Without an account")
class WithoutAccountIT {
  private static RegistryServer server;
  private static Registry registry;

  @BeforeAll
  static void start() {
    server = RegistryServer.builder().options("--auth", "on").start();
    registry = server.registry();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String challenge(String rest) {
    return "Bearer realm=\"" + server.url() + "/token\",service=\"entrepot\"" + rest;
  }

  @Promise
  void theBaseSaysWhereToFetchAToken() {
    registry
        .request()
        .get("/v2/")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", equalTo(challenge("")))
        .body("errors[0].code", equalTo("UNAUTHORIZED"));
  }

  @Promise
  void theChallengeNamesTheRepositoryAsItWasAsked() {
    registry
        .request()
        .get("/v2/library/nothing/manifests/latest")
        .then()
        .statusCode(401)
        .header(
            "WWW-Authenticate", equalTo(challenge(",scope=\"repository:library/nothing:pull\"")));
    registry
        .request()
        .post("/v2/a/b/blobs/uploads/")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", equalTo(challenge(",scope=\"repository:a/b:pull,push\"")));
    registry
        .request()
        .get("/v2/_catalog")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", equalTo(challenge(",scope=\"registry:catalog:*\"")));
  }

  @Promise
  void anAnonymousTokenHoldsNothingOfWhatIsNotPublic() {
    String token =
        registry
            .request()
            .get("/token?service=entrepot&scope=repository:a/b:pull&scope=registry:catalog:*")
            .then()
            .statusCode(200)
            .header("Cache-Control", equalTo("no-store"))
            .body("access_token", notNullValue())
            .body("expires_in", greaterThanOrEqualTo(60))
            .body("refresh_token", nullValue())
            .extract()
            .path("token");
    registry
        .request()
        .header("Authorization", "Bearer " + token)
        .get("/v2/a/b/manifests/latest")
        .then()
        .statusCode(401)
        .header(
            "WWW-Authenticate",
            equalTo(challenge(",scope=\"repository:a/b:pull\",error=\"insufficient_scope\"")));
    registry
        .request()
        .header("Authorization", "Bearer " + token)
        .get("/v2/_catalog")
        .then()
        .statusCode(200)
        .body("repositories", hasSize(0));
  }

  @Promise
  void forgedTokensAreNotValid() {
    String none = base64("{\"alg\":\"none\",\"typ\":\"JWT\"}");
    String path = base64("{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"../../etc/passwd\"}");
    String claims = base64("{\"iss\":\"entrepot\",\"aud\":\"entrepot\",\"exp\":9999999999}");
    for (String token :
        List.of(
            none + "." + claims + ".",
            none + "." + claims + ".AA",
            path + "." + claims + "." + "A".repeat(86),
            "nonsense",
            "A".repeat(15_000))) {
      registry
          .request()
          .header("Authorization", "Bearer " + token)
          .get("/v2/")
          .then()
          .statusCode(401)
          .header("WWW-Authenticate", equalTo(challenge(",error=\"invalid_token\"")));
    }
  }

  @Promise
  void wrongCredentialsAreRefusedEverywhere() {
    for (String path : List.of("/v2/", "/v2/a/b/tags/list", "/token")) {
      registry
          .request()
          .header("Authorization", "Basic " + base64("nobody:entp_" + "a".repeat(38)))
          .get(path)
          .then()
          .statusCode(401)
          .body("errors[0].code", equalTo("UNAUTHORIZED"));
    }
  }

  @Promise
  void badRequestsForATokenAreSaidToBeBad() {
    for (String query : List.of("service=other", "scope=repository:a%00:pull", "scope=x")) {
      registry.request().get("/token?" + query).then().statusCode(400);
    }
    registry
        .request()
        .contentType("application/x-www-form-urlencoded")
        .body("grant_type=nonsense")
        .post("/token")
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));
  }

  @Promise
  void aHostThatIsNoneGetsIntoNoChallenge() {
    for (String host : List.of("a\"b", "a,b", "a b", "a/b")) {
      try (RawConnection connection = registry.connect()) {
        connection.send(
            ("GET /v2/ HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        Assertions.assertThat(connection.read().status()).as(host).isEqualTo(400);
      }
    }
  }

  @Promise
  void whatAClientSaysOfProxiesIsNotBelieved() {
    registry
        .request()
        .header("X-Forwarded-Host", "evil.example")
        .header("X-Forwarded-Proto", "https")
        .header("Forwarded", "host=evil.example;proto=https")
        .get("/v2/")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", equalTo(challenge("")));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
