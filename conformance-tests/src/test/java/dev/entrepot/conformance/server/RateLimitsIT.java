package dev.entrepot.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A few requests and pulls for each address, in a time that no test lives to see the end of. */
@OwnServer
@Section("Promise > Rate limits")
class RateLimitsIT {
  private static final int REQUESTS = 20;

  private RegistryServer server;
  private Repository repository;
  private Manifest manifest;

  @BeforeEach
  void start() {
    server =
        RegistryServer.builder()
            .environment("ENTREPOT_RATE_LIMIT_EXEMPT_NETWORKS", "192.0.2.0/24")
            .environment("ENTREPOT_RATE_LIMIT_REQUESTS_PER_ADDRESS", Integer.toString(REQUESTS))
            .environment("ENTREPOT_RATE_LIMIT_REQUESTS_WINDOW", "24h")
            .environment("ENTREPOT_RATE_LIMIT_PULLS_PER_ADDRESS", "2")
            .environment("ENTREPOT_RATE_LIMIT_PULLS_WINDOW", "6h")
            .start();
    repository = server.registry().newRepository();
    manifest = repository.pushImage("tag").manifest();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Promise
  void pullsBeyondTheLimitAreRefusedAndHeadIsNone() {
    String path = repository.manifest(manifest.digest());
    for (int left = 1; left >= 0; left--) {
      repository
          .request()
          .get(path)
          .then()
          .statusCode(200)
          .header("ratelimit-limit", equalTo("2;w=21600"))
          .header("ratelimit-remaining", equalTo(left + ";w=21600"));
    }
    repository
        .request()
        .get(path)
        .then()
        .statusCode(429)
        .header("Retry-After", Integer::parseInt, org.hamcrest.Matchers.greaterThan(10_000))
        .header("ratelimit-remaining", equalTo("0;w=21600"))
        .body("errors[0].code", equalTo("TOOMANYREQUESTS"));
    repository
        .request()
        .head(path)
        .then()
        .statusCode(200)
        .header("ratelimit-remaining", equalTo("0;w=21600"));
  }

  @Promise
  void otherAnswersTellNothingOfPulls() {
    repository.request().get("/v2/").then().statusCode(200).header("ratelimit-limit", nullValue());
  }

  @Promise
  void requestsBeyondTheLimitAreRefusedWhateverTheyWant() {
    int answered = 0;
    while (repository.request().get("/v2/").statusCode() == 200) {
      answered++;
      assertThat(answered).isLessThan(REQUESTS);
    }
    repository
        .request()
        .get("/v2/no/such/path")
        .then()
        .statusCode(429)
        .body("errors[0].code", equalTo("TOOMANYREQUESTS"));
  }
}
