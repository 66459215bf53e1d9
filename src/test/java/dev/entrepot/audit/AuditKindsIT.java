package dev.entrepot.audit;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.entrepot.Patience;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of event comes into the log when somebody does over HTTP what it stands for. */
@QuarkusTest
@TestProfile(AuditApiIT.RealServer.class)
class AuditKindsIT {
  private static final AtomicInteger COUNT = new AtomicInteger(100); // no name begins another
  private static final String PASSWORD = "a rather long passphrase";
  private static final String EMPTY = "{}";

  private final String name = "k" + COUNT.incrementAndGet();
  private final String organisation = "/organisations/" + name;
  private final String repository = "/repositories/" + name + "/app/-/";
  private final String content = "/v2/" + name + "/app/";

  @Inject EntrepotConfig config;
  @Inject Database database;
  @Inject Retention retention;

  @BeforeAll
  static void bePatient() {
    Patience.bePatient();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RESTORE", "BLOB_QUARANTINE", "BLOB_REFILL"}) // BackupIT, ScrubIT
  void isRecorded(AuditKind kind) {
    String named = provoke(kind);
    await()
        .until(
            () ->
                admin()
                    .queryParam("kind", kind.text())
                    .get("/audit")
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString()
                    .contains(named));
  }

  /** Does it; what the event names then. There is no default: a new kind needs a line here. */
  private String provoke(AuditKind kind) {
    return switch (kind) {
      case SIGN_IN -> after(user(), as(name).get("/user"));
      case TOKEN_ISSUE -> after(user(), registry(name).get("/token"));
      case DENIED -> denied();
      case BLOB_PUSH,
          BLOB_MOUNT,
          BLOB_DELETE,
          MANIFEST_PUSH,
          MANIFEST_DELETE,
          TAG_MOVE,
          TAG_DELETE ->
          content(kind);
      case TRASH_RESTORE, TRASH_EMPTY, REPOSITORY_DELETE, REPOSITORY_RESTORE -> trash(kind);
      case USER_CREATE -> user();
      case USER_CHANGE -> after(user(), patch("/users/" + name, "{\"email\":\"k@example.org\"}"));
      case USER_QUOTA -> after(user(), put("/users/" + name + "/quota", "{\"bytes\":9}"));
      case USER_PASSWORD ->
          after(user(), put("/users/" + name + "/password", "{\"newPassword\":\"%s!\"}", PASSWORD));
      case USER_DELETE -> after(user(), delete("/users/" + name));
      case ORGANISATION_CREATE -> organisation();
      case ORGANISATION_CHANGE ->
          after(organisation(), patch(organisation, "{\"membersCreate\":true}"));
      case ORGANISATION_QUOTA ->
          after(organisation(), put(organisation + "/quota", "{\"bytes\":9}"));
      case ORGANISATION_DELETE -> after(organisation(), delete(organisation));
      case MEMBER_PUT, MEMBER_REMOVE -> member(kind);
      case TEAM_CREATE, TEAM_DELETE, TEAM_MEMBER_ADD, TEAM_MEMBER_REMOVE, TEAM_GROUPS -> team(kind);
      case ROBOT_CREATE, ROBOT_CHANGE, ROBOT_DELETE, SECRET_EXPIRE -> robot(kind);
      case SECRET_CREATE, SECRET_REVOKE -> secret(kind);
      case GRANT_PUT, GRANT_REMOVE -> grant(kind);
      case REPOSITORY_CHANGE ->
          after(pushed(), patch("/repositories/" + name + "/app", "{\"quotaBytes\":9000}"));
      case REPOSITORY_README -> readme();
      case TAG_RULE_ADD, TAG_RULE_REMOVE -> tagRule(kind);
      case ISSUER_CREATE, ISSUER_CHANGE, ISSUER_DELETE -> issuer(kind);
      case TRUST_RULE_ADD, TRUST_RULE_REMOVE -> trustRule(kind);
      case AUDIT_LOST -> lost();
      case AUDIT_DROPPED -> dropped();
      case RESTORE, BLOB_QUARANTINE, BLOB_REFILL ->
          throw new IllegalArgumentException("not over HTTP");
    };
  }

  private String denied() {
    user();
    as(name).get("/users").then().statusCode(403);
    return name;
  }

  private String content(AuditKind kind) {
    pushed();
    String manifest = content + "manifests/";
    String blob = digest(EMPTY);
    Response done =
        switch (kind) {
          case TAG_MOVE -> push(manifest + "latest", manifest(blob, "other"));
          case TAG_DELETE -> registry("admin").delete(manifest + "latest");
          case MANIFEST_DELETE ->
              registry("admin").delete(manifest + digest(manifest(blob, "first")));
          case BLOB_MOUNT ->
              registry("admin")
                  .post(
                      "/v2/%1$s/to/blobs/uploads/?mount=%2$s&from=%1$s/app".formatted(name, blob));
          case BLOB_DELETE -> {
            blob = blob("spare");
            yield registry("admin").delete(content + "blobs/" + blob);
          }
          default -> registry("admin").get(manifest + "latest");
        };
    return after(name + (kind == AuditKind.BLOB_MOUNT ? "/to" : "/app"), done);
  }

  private String trash(AuditKind kind) {
    pushed();
    String path = "/repositories/" + name + "/app";
    if (kind == AuditKind.REPOSITORY_DELETE || kind == AuditKind.REPOSITORY_RESTORE) {
      after("", delete(path));
      Response deleted = get("/trash");
      return after(
          name + "/app",
          kind == AuditKind.REPOSITORY_DELETE
              ? deleted
              : post("/trash/" + deleted.path("[-1].id") + "/restore", "{}"));
    }
    registry("admin").delete(content + "manifests/latest").then().statusCode(202);
    if (kind == AuditKind.TRASH_RESTORE) {
      String entry = repository + "trash/" + get(repository + "trash").path("[0].id");
      return after(name + "/app", post(entry + "/restore", "{}"));
    }
    database.transact(
        transaction ->
            Sql.update(transaction, "UPDATE trash SET deleted_at = '2020-01-01'")
                + Sql.update(transaction, "UPDATE job SET last_ended = NULL"));
    await().until(() -> events(AuditKind.TRASH_EMPTY).contains(name + "/app"));
    return name + "/app";
  }

  private String member(AuditKind kind) {
    organisation();
    user(name + "m");
    String member = organisation + "/members/" + name + "m";
    after("", put(member, "{\"owner\":false}"));
    return after(name + "m", kind == AuditKind.MEMBER_PUT ? get(member) : delete(member));
  }

  private String team(AuditKind kind) {
    organisation();
    after("", post(organisation + "/teams", "{\"name\":\"core\"}"));
    String team = organisation + "/teams/core";
    String member = team + "/members/admin";
    return after(
        "\"namespace\":\"" + name,
        switch (kind) {
          case TEAM_DELETE -> delete(team);
          case TEAM_MEMBER_ADD -> put(member, "");
          case TEAM_MEMBER_REMOVE -> {
            after("", put(member, ""));
            yield delete(member);
          }
          case TEAM_GROUPS ->
              put(team + "/groups", "{\"groups\":[{\"provider\":\"idp\",\"group\":\"g\"}]}");
          default -> get(team);
        });
  }

  private String robot(AuditKind kind) {
    String path = robot();
    return switch (kind) {
      case ROBOT_CHANGE -> after(name + "+ci", patch(path, "{\"disabled\":true}"));
      case ROBOT_DELETE -> after(name + "+ci", delete(path));
      case SECRET_EXPIRE -> {
        Response first = post(path + "/secrets", "{\"name\":\"one\"}");
        after("", post(path + "/secrets", "{\"name\":\"two\",\"othersEndInSeconds\":60}"));
        yield "\"token:" + first.path("token.id") + "\"";
      }
      default -> name + "+ci";
    };
  }

  private String secret(AuditKind kind) {
    user();
    Response made = as(name).body("{\"name\":\"laptop\"}").post("/user/tokens");
    String number = "\"token:" + made.path("token.id") + "\"";
    return kind == AuditKind.SECRET_CREATE
        ? after(number, made)
        : after(number, as(name).delete("/user/tokens/" + made.path("token.id")));
  }

  private String grant(AuditKind kind) {
    pushed();
    user(name + "m");
    Response given =
        post(
            repository + "grants",
            "{\"grantee\":{\"kind\":\"user\",\"name\":\"%sm\"},\"role\":\"read\"}",
            name);
    return after(
        "user:" + name + "m",
        kind == AuditKind.GRANT_PUT ? given : delete(repository + "grants/" + given.path("id")));
  }

  private String readme() {
    pushed();
    String path = repository + "readme";
    after("", admin().contentType("text/markdown").body("# App").put(path));
    await().until(() -> events(AuditKind.REPOSITORY_README).contains(name + "/app"));
    after("", delete(path));
    return "\"removed\":\"true\"";
  }

  private String tagRule(AuditKind kind) {
    organisation();
    Response made = post(organisation + "/tag-rules", "{\"pattern\":\"%s-*\"}", name);
    return after(
        name + "-*",
        kind == AuditKind.TAG_RULE_ADD
            ? made
            : delete(organisation + "/tag-rules/" + made.path("id")));
  }

  private String issuer(AuditKind kind) {
    String path = issuer();
    return after(
        "\"" + name + "\"",
        switch (kind) {
          case ISSUER_CHANGE -> patch(path, "{\"audience\":\"other\"}");
          case ISSUER_DELETE -> delete(path);
          default -> get(path);
        });
  }

  private String trustRule(AuditKind kind) {
    String rules = robot() + "/rules";
    issuer();
    Response made = post(rules, "{\"issuer\":\"%s\",\"claims\":{\"sub\":\"job\"}}", name);
    return after(
        "\"namespace\":\"" + name,
        kind == AuditKind.TRUST_RULE_ADD ? made : delete(rules + "/" + made.path("id")));
  }

  /** By a queue that has no room. */
  private String lost() {
    var queue = new AuditQueue(database, 1, Duration.ofHours(1), new SimpleMeterRegistry());
    for (int i = 0; i < 3; i++) {
      queue.note(AuditEvent.of(AuditKind.TOKEN_ISSUE, Actor.SYSTEM, name + i));
    }
    queue.start(new StartupEvent());
    await().until(() -> events(AuditKind.AUDIT_LOST).contains("\"count\":2"));
    queue.stop(new ShutdownEvent());
    return "\"count\":2";
  }

  /** By an event from long ago, in a month of its own. */
  private String dropped() {
    database.transact(
        transaction ->
            Sql.update(
                transaction,
                "INSERT INTO audit_event (at, kind, outcome, actor_kind, actor_id, actor,"
                    + " credential, address, request_id, count) VALUES"
                    + " ('2020-03-01', 'user-change', 'ok', 'system', 0, '', '', '', '', 1)"));
    await() // once it is sealed
        .until(
            () -> {
              retention.keep();
              return events(AuditKind.AUDIT_DROPPED).contains("2020-03");
            });
    return "2020-03";
  }

  private String user() {
    return user(name);
  }

  private String user(String called) {
    return after(called, post("/users", "{\"name\":\"%s\",\"password\":\"%s\"}", called, PASSWORD));
  }

  private String organisation() {
    return after(name, post("/organisations", "{\"name\":\"%s\",\"owner\":\"admin\"}", name));
  }

  /** The path of a robot. */
  private String robot() {
    organisation();
    return after(organisation + "/robots/ci", post(organisation + "/robots", "{\"name\":\"ci\"}"));
  }

  /** The path of an issuer. */
  private String issuer() {
    return after(
        "/issuers/" + name,
        post(
            "/issuers",
            "{\"name\":\"%1$s\",\"issuer\":\"https://%1$s.example.org\",\"audience\":\"here\"}",
            name));
  }

  /** The name of a repository with a tagged manifest. */
  private String pushed() {
    organisation();
    push(content + "manifests/latest", manifest(blob(EMPTY), "first"));
    return name + "/app";
  }

  private String blob(String text) {
    String digest = digest(text);
    registry("admin")
        .contentType("application/octet-stream")
        .body(text.getBytes(StandardCharsets.UTF_8))
        .post(content + "blobs/uploads/?digest=" + digest)
        .then()
        .statusCode(201);
    return digest;
  }

  private Response push(String path, String manifest) {
    Response pushed =
        registry("admin")
            .contentType("application/vnd.oci.image.manifest.v1+json")
            .body(manifest.getBytes(StandardCharsets.UTF_8))
            .put(path);
    pushed.then().statusCode(201);
    return pushed;
  }

  private static String manifest(String config, String title) {
    return """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{
        "mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},"layers":[],
        "annotations":{"title":"%s"}}
        """
        .formatted(config, title);
  }

  private static String digest(String text) {
    try {
      return "sha256:"
          + HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256")
                      .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text, once the request has been checked to have done what it should. */
  private static String after(String text, Response done) {
    if (done.statusCode() >= 300) {
      throw new AssertionError(done.statusCode() + " " + done.asString());
    }
    return text;
  }

  /** Those of a kind. */
  private String events(AuditKind kind) {
    return admin().queryParam("kind", kind.text()).get("/audit").asString();
  }

  private Response get(String path) {
    return admin().get(path);
  }

  private Response post(String path, String body, Object... arguments) {
    return admin().body(body.formatted(arguments)).post(path);
  }

  private Response put(String path, String body, Object... arguments) {
    return admin().body(body.formatted(arguments)).put(path);
  }

  private Response patch(String path, String body) {
    return admin().body(body).patch(path);
  }

  private Response delete(String path) {
    return admin().delete(path);
  }

  private RequestSpecification admin() {
    return as("admin");
  }

  private RequestSpecification as(String who) {
    return registry(who).basePath("/api/v1").contentType("application/json");
  }

  private RequestSpecification registry(String who) {
    return given().auth().preemptive().basic(who, who.equals("admin") ? adminPassword() : PASSWORD);
  }

  private String adminPassword() {
    try {
      return Files.readString(config.dataDir().resolve("initial-admin-password")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
