package dev.entrepot.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Section;
import io.restassured.http.Header;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whoever may not read a repository learns nothing of it: every answer is, byte for byte, the one
 * for a repository or content that does not exist.
 */
@OwnServer
@ExtendWith(SharedServer.class)
@Section("Promise > Secrecy")
class SecrecyIT {
  // Of one length, so that lengths compare too.
  private static final String PRIVATE = "/app";
  private static final String ABSENT = "/nil";

  private static Registry registry;
  private static Tokens tokens;
  private static String organisation;
  private static Login stranger;
  private static Login robot;
  private static Image image;
  private static String upload;

  @BeforeAll
  static void pushPrivately(Accounts accounts) {
    registry = accounts.registry();
    tokens = new Tokens(registry);
    Login owner = accounts.newUser();
    organisation = accounts.newOrganisation(owner);
    image = Push.as(owner, registry).image(organisation + PRIVATE, Image.random(), "v1");
    upload =
        as(owner.basic())
            .post("/v2/" + organisation + PRIVATE + "/blobs/uploads/")
            .then()
            .statusCode(202)
            .extract()
            .header("Docker-Upload-UUID");
    stranger = accounts.newUser();
    robot = accounts.newRobot(accounts.newOrganisation(owner));
  }

  private static RequestSpecification as(String authorization) {
    RequestSpecification request = registry.request().header("X-Request-Id", "the-same");
    return authorization.isEmpty() ? request : request.header("Authorization", authorization);
  }

  @Promise
  void privateRepositoryLooksAbsentWhateverIsDoneWithIt() {
    String manifest = image.manifest().digest();
    String blob = image.config().digest();
    List<String> requests =
        List.of(
            "GET /manifests/v1",
            "HEAD /manifests/v1",
            "GET /manifests/v9",
            "GET /manifests/" + manifest,
            "PUT /manifests/v1",
            "DELETE /manifests/v1",
            "DELETE /manifests/" + manifest,
            "GET /blobs/" + blob,
            "HEAD /blobs/" + blob,
            "DELETE /blobs/" + blob,
            "GET /tags/list",
            "GET /tags/list?n=1&last=a",
            "GET /referrers/" + manifest,
            "POST /blobs/uploads/",
            "POST /blobs/uploads/?mount=" + blob,
            "GET /blobs/uploads/" + upload,
            "PATCH /blobs/uploads/" + upload,
            "PUT /blobs/uploads/" + upload + "?digest=" + blob,
            "DELETE /blobs/uploads/" + upload);
    for (String request : requests) {
      String method = request.substring(0, request.indexOf(' '));
      String rest = request.substring(request.indexOf(' ') + 1);
      sameAnswers(request, method, "/v2/" + organisation + "%s" + rest);
    }
  }

  @Promise
  void privateRepositoryLooksAbsentToTheManagementApi() {
    for (String method : List.of("GET", "PATCH", "DELETE")) {
      sameAnswers(method, method, "/api/v1/repositories/" + organisation + "%s");
    }
    sameAnswers("grants", "GET", "/api/v1/repositories/" + organisation + "%s/-/grants");
  }

  private static void sameAnswers(String what, String method, String path) {
    Map<String, String> present = identities(PRIVATE);
    Map<String, String> absent = identities(ABSENT);
    present.forEach(
        (identity, authorization) -> {
          String answer = text(send(as(authorization), method, path.formatted(PRIVATE)));
          String expected = text(send(as(absent.get(identity)), method, path.formatted(ABSENT)));
          assertThat(answer)
              .as(what + " by " + identity)
              .isEqualTo(expected.replace(ABSENT, PRIVATE))
              .startsWith("4");
        });
  }

  /** What each of those who may do nothing sends as {@code Authorization}. */
  private static Map<String, String> identities(String repository) {
    String scope = "repository:" + organisation + repository + ":pull,push,delete";
    Map<String, String> identities = new LinkedHashMap<>();
    identities.put("nobody", "");
    identities.put("nobody, by token", tokens.get(null, scope).bearer());
    identities.put("a stranger", stranger.basic());
    identities.put("a stranger, by token", tokens.get(stranger, scope).bearer());
    identities.put("a stranger, by a token for nothing", tokens.get(stranger).bearer());
    identities.put("a robot", robot.basic());
    identities.put("a robot, by token", tokens.get(robot, scope).bearer());
    return identities;
  }

  @Promise
  void tokensSayTheSameOfBoth() {
    for (Login login : List.of(stranger, robot)) {
      assertThat(access(login, PRIVATE)).isEqualTo(access(login, ABSENT).replace(ABSENT, PRIVATE));
    }
  }

  private static String access(Login login, String repository) {
    String scope = "repository:" + organisation + repository + ":*";
    return tokens.get(login, scope).claims().get("access").toString();
  }

  @Promise
  void mountDoesNotTellWhetherThereIsSuchABlob() {
    String elsewhere = "/v2/" + stranger.name() + "/mine/blobs/uploads/?mount=";
    String absent = Blob.random(10).digest();
    String mounted = mount(elsewhere + absent + "&from=" + organisation + ABSENT);
    for (String query :
        List.of(
            image.config().digest() + "&from=" + organisation + PRIVATE,
            absent + "&from=" + organisation + PRIVATE,
            image.config().digest(),
            absent)) {
      assertThat(mount(elsewhere + query)).as(query).isEqualTo(mounted).startsWith("202");
    }
  }

  /** The answer but for the id of the upload that it starts. */
  private static String mount(String path) {
    Response answer = as(stranger.basic()).post(path);
    String id = answer.header("Docker-Upload-UUID");
    return text(answer).replaceAll(id + "[^\n]*", "the id");
  }

  @Promise
  void manifestsCannotBeMadeOfOthersBlobs() {
    Manifest others =
        Manifest.image()
            .config(image.config(), MediaTypes.OCI_CONFIG)
            .layer(image.layer(), MediaTypes.OCI_LAYER_GZIP)
            .build();
    String refused = put(others);
    Image nobodys = Image.random();

    assertThat(refused.replaceAll("sha256:[0-9a-f]{64}", "…"))
        .isEqualTo(put(nobodys.manifest()).replaceAll("sha256:[0-9a-f]{64}", "…"))
        .startsWith("4")
        .contains("MANIFEST_BLOB_UNKNOWN");
  }

  private static String put(Manifest manifest) {
    return text(
        as(stranger.basic())
            .contentType(manifest.mediaType())
            .body(manifest.bytes())
            .put("/v2/" + stranger.name() + "/mine/manifests/v1"));
  }

  @Promise
  void absentUserAndWrongSecretAreAnsweredAlike() {
    String secret = "entp_" + UUID.randomUUID().toString().replace("-", "") + "000000";
    String wrong = text(as(new Login(stranger.name(), secret).basic()).get("/v2/"));

    assertThat(wrong)
        .isEqualTo(text(as(new Login(Accounts.newName(), secret).basic()).get("/v2/")))
        .startsWith("401");
  }

  private static Response send(RequestSpecification request, String method, String path) {
    if (path.startsWith("/api")) {
      request.contentType("application/json");
    }
    if (method.equals("PATCH")) {
      request.body("{\"visibility\":\"public\"}");
    }
    if (method.equals("PUT")) {
      request.contentType(MediaTypes.OCI_MANIFEST).body(image.manifest().bytes());
    }
    return request.request(method, path);
  }

  private static String text(Response answer) {
    return answer.statusCode()
        + "\n"
        + answer.headers().asList().stream().map(Header::toString).collect(Collectors.joining("\n"))
        + "\n\n"
        + answer.asString();
  }
}
