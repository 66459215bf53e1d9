package dev.entrepot.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Concurrently;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.RawResponse;
import dev.entrepot.conformance.support.Section;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** How much organisations, users and repositories may hold, and who is told so when. */
@OwnServer
@Section("Promise > Quotas")
class QuotasIT {
  private static final int MIB = 1 << 20;
  private static final int QUOTA = 10 * MIB;

  private static Accounts accounts;

  private String owner;
  private String organisation;
  private String repository;

  @BeforeAll
  static void start() {
    accounts = Accounts.start();
  }

  @AfterAll
  static void stop() {
    if (accounts != null) {
      accounts.close();
    }
  }

  @BeforeEach
  void limit() {
    owner = accounts.user();
    organisation = accounts.organisation(owner);
    repository = organisation + "/app";
    accounts
        .json(Accounts.ADMIN, "{\"bytes\":" + QUOTA + "}")
        .put("/api/v1/organisations/" + organisation + "/quota")
        .then()
        .statusCode(200);
  }

  private static ValidatableResponse usage(String user, String of) {
    return accounts.as(user).get("/api/v1/" + of + "/usage").then().statusCode(200);
  }

  private String authorization() {
    String text = owner + ":" + Accounts.PASSWORD;
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String post(Blob blob) {
    return "/v2/" + repository + "/blobs/uploads/?digest=" + blob.digest();
  }

  /** Every second one declares its length; the others send in chunks that nobody has declared. */
  private int push(int client) {
    Blob blob = Blob.random(3 * MIB / 2);
    String path = "/v2/" + organisation + "/r" + client + "/blobs/uploads/?digest=" + blob.digest();
    try (RawConnection connection = accounts.registry().connect()) {
      if (client % 2 == 0) {
        String length = "Content-Length: " + blob.size();
        connection.sendHead("POST", path, authorization(), "Expect: 100-continue", length);
        RawResponse first = connection.read();
        return first.status() != 100
            ? first.status()
            : connection.send(blob.bytes()).read().status();
      }
      connection.sendHead("POST", path, authorization(), "Transfer-Encoding: chunked");
      return connection.sendChunk(blob.bytes()).sendLastChunk().read().status();
    }
  }

  @Promise
  void ofFiftyAtOnceThoseGetInThatFit() {
    accounts.as(owner).get("/v2/").then().statusCode(200); // the password is checked once
    List<Integer> statuses = Concurrently.run(50, client -> () -> push(client));
    assertThat(statuses).containsOnly(201, 403);
    long accepted = statuses.stream().filter(status -> status == 201).count();
    assertThat(accepted).isEqualTo(QUOTA / (3 * MIB / 2));
    usage(owner, "organisations/" + organisation)
        .body("usedBytes", equalTo((int) accepted * (3 * MIB / 2)))
        .body("reservedBytes", equalTo(0))
        .body("quotaBytes", equalTo(QUOTA));
  }

  @Promise
  void aDeclaredLengthThatDoesNotFitIsRefusedBeforeTheBody() {
    Blob there = Blob.random(MIB);
    accounts.push(accounts.as(owner), repository, there).then().statusCode(201);
    Blob large = Blob.random(1);
    for (String expect : List.of("Expect: 100-continue", "X-Nothing: to expect")) {
      try (RawConnection connection = accounts.registry().connect()) {
        connection.sendHead(
            "POST", post(large), authorization(), expect, "Content-Length: " + QUOTA);
        RawResponse refused = connection.read();
        assertThat(refused.status()).isEqualTo(403);
        JsonPath error = JsonPath.from(refused.text());
        assertThat(error.getString("errors[0].code")).isEqualTo("DENIED");
        assertThat(error.getString("errors[0].message")).contains(Integer.toString(QUOTA));
        var detail = error.getMap("errors[0].detail");
        assertThat(detail)
            .containsEntry("namespace", organisation)
            .containsEntry("limit", QUOTA)
            .containsEntry("used", MIB)
            .containsEntry("reserved", 0)
            .containsEntry("asked", QUOTA);
      }
    }
    usage(owner, "organisations/" + organisation).body("reservedBytes", equalTo(0));
  }

  @Promise
  void anUndeclaredStreamIsStoppedOneChunkBeyondAtMost() {
    try (RawConnection connection = accounts.registry().connect()) {
      Blob endless = Blob.random(MIB);
      connection.sendHead("POST", post(endless), authorization(), "Transfer-Encoding: chunked");
      for (int sent = 0; sent < 16; sent++) {
        connection.sendChunk(endless.bytes());
      }
      assertThat(connection.read().status()).isEqualTo(403); // and the body has not ended
    }
    usage(owner, "organisations/" + organisation)
        .body("usedBytes", equalTo(0))
        .body("reservedBytes", equalTo(0));
  }

  @Promise
  void whatIsDeletedMakesRoom() {
    Blob first = Blob.random(6 * MIB);
    Blob second = Blob.random(6 * MIB);
    accounts.push(accounts.as(owner), repository, first).then().statusCode(201);
    accounts.push(accounts.as(owner), repository, second).then().statusCode(403);
    usage(owner, "repositories/" + repository + "/-").body("usedBytes", equalTo(first.size()));
    accounts
        .as(owner)
        .delete("/v2/" + repository + "/blobs/" + first.digest())
        .then()
        .statusCode(202);
    accounts.push(accounts.as(owner), repository, second).then().statusCode(201);
  }

  @Promise
  void aRepositoryHasAQuotaOfItsOwn() {
    Blob blob = Blob.random(1000);
    accounts.push(accounts.as(owner), repository, blob).then().statusCode(201);
    accounts
        .json(owner, "{\"quotaBytes\":1500}")
        .patch("/api/v1/repositories/" + repository)
        .then()
        .statusCode(200);
    // Servers that have just seen that there is no quota know of it within a second.
    await()
        .untilAsserted(
            () ->
                accounts
                    .push(accounts.as(owner), repository, Blob.random(501))
                    .then()
                    .statusCode(403)
                    .body("errors[0].detail", hasEntry("repository", repository))
                    .body("errors[0].detail", hasEntry("limit", 1500)));
    accounts.push(accounts.as(owner), organisation + "/other", blob).then().statusCode(201);
    accounts
        .as(owner)
        .get("/api/v1/organisations/" + organisation + "/usage/repositories")
        .then()
        .statusCode(200)
        .body("name", equalTo(List.of(repository, organisation + "/other")))
        .body("usedBytes", equalTo(List.of(1000, 1000)))
        .body("quotaBytes[0]", equalTo(1500))
        .body("quotaBytes[1]", nullValue());
  }

  @Promise
  void administratorsLimitUsers() {
    String user = accounts.user();
    String quota = "/api/v1/users/" + user + "/quota";
    accounts.json(user, "{\"bytes\":1}").put(quota).then().statusCode(403);
    accounts.json(Accounts.ADMIN, "{\"bytes\":-1}").put(quota).then().statusCode(400);
    accounts
        .json(Accounts.ADMIN, "{\"bytes\":1000}")
        .put(quota)
        .then()
        .statusCode(200)
        .body("quotaBytes", equalTo(1000));
    accounts.push(accounts.as(user), user + "/app", Blob.random(1001)).then().statusCode(403);
    accounts.push(accounts.as(user), user + "/app", Blob.random(1000)).then().statusCode(201);
    usage(user, "users/" + user).body("usedBytes", equalTo(1000)).body("name", equalTo(user));
    accounts.as(owner).get("/api/v1/users/" + user + "/usage").then().statusCode(403);
  }

  @Promise
  void whoMayNotSeeItIsNotToldHowMuchThereIs() {
    accounts.push(accounts.as(owner), repository, Blob.random(10)).then().statusCode(201);
    String member = accounts.member(organisation);
    usage(member, "organisations/" + organisation);
    String each = "/api/v1/organisations/" + organisation + "/usage/repositories";
    accounts.as(member).get(each).then().statusCode(403);
    String stranger = accounts.user();
    for (String of :
        List.of("organisations/" + organisation, "repositories/" + repository + "/-")) {
      accounts.as(stranger).get("/api/v1/" + of + "/usage").then().statusCode(404);
    }
  }
}
