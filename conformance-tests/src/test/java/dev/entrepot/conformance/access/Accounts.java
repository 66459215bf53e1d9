package dev.entrepot.conformance.access;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.stream.Stream;

/** A server with accounts, and what tests do there in one line. All passwords are the same. */
final class Accounts implements AutoCloseable {
  static final String ADMIN = "admin";
  static final String PASSWORD = "a-long-and-odd-passphrase";

  private final RegistryServer server;

  private Accounts(RegistryServer server) {
    this.server = server;
  }

  /** A server with further settings: names of variables, and after each its value. */
  static Accounts start(String... environment) {
    RegistryServer.Builder builder =
        RegistryServer.builder()
            .options("--auth", "on")
            .environment("ENTREPOT_AUTH_ADMIN_PASSWORD", PASSWORD);
    for (int i = 0; i < environment.length; i += 2) {
      builder.environment(environment[i], environment[i + 1]);
    }
    return new Accounts(builder.start());
  }

  RegistryServer server() {
    return server;
  }

  Registry registry() {
    return server.registry();
  }

  /** Anonymous. */
  RequestSpecification request() {
    return registry().request();
  }

  RequestSpecification as(String user) {
    return as(user, PASSWORD);
  }

  RequestSpecification as(String user, String secret) {
    return request().auth().preemptive().basic(user, secret);
  }

  RequestSpecification bearer(String token) {
    return request().header("Authorization", "Bearer " + token);
  }

  /** A registry token. */
  String token(RequestSpecification as, String... scopes) {
    return as.get("/token?service=entrepot&scope=" + String.join("&scope=", scopes))
        .then()
        .statusCode(200)
        .extract()
        .path("token");
  }

  /** The management API, with a JSON body. */
  RequestSpecification json(String user, String body) {
    return as(user).contentType("application/json").body(body);
  }

  /** A new user; the name. */
  String user() {
    String name = Registry.uniqueName();
    json(ADMIN, "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD))
        .post("/api/v1/users")
        .then()
        .statusCode(201);
    return name;
  }

  /** A new organisation; the name. */
  String organisation(String owner) {
    String name = Registry.uniqueName();
    json(ADMIN, "{\"name\":\"%s\",\"owner\":\"%s\"}".formatted(name, owner))
        .post("/api/v1/organisations")
        .then()
        .statusCode(201);
    return name;
  }

  /** A new user who is a plain member; the name. */
  String member(String organisation) {
    String user = user();
    json(ADMIN, "{\"owner\":false}")
        .put("/api/v1/organisations/" + organisation + "/members/" + user)
        .then()
        .statusCode(200);
    return user;
  }

  /** A new personal access token; with its {@code secret} and {@code token.id}. */
  Response personalToken(String user, String limits) {
    return json(user, "{\"name\":\"%s\"%s}".formatted(Registry.uniqueName(), limits))
        .post("/api/v1/user/tokens")
        .then()
        .statusCode(201)
        .extract()
        .response();
  }

  /** Pushes a blob in one request; whatever is answered. */
  Response push(RequestSpecification as, String repository, Blob blob) {
    return as.contentType(MediaTypes.OCTET_STREAM)
        .body(blob.bytes())
        .post("/v2/" + repository + "/blobs/uploads/?digest=" + blob.digest());
  }

  /** Puts a manifest; whatever is answered. */
  Response put(RequestSpecification as, String repository, Manifest manifest, String reference) {
    return as.contentType(manifest.mediaType())
        .body(manifest.bytes())
        .put("/v2/" + repository + "/manifests/" + reference);
  }

  /** Pushes an image, which must succeed. */
  Image push(String user, String repository, String tag) {
    Image image = Image.random();
    Stream.concat(Stream.of(image.config()), image.layers().stream())
        .forEach(blob -> push(as(user), repository, blob).then().statusCode(201));
    put(as(user), repository, image.manifest(), tag).then().statusCode(201);
    return image;
  }

  @Override
  public void close() {
    server.close();
  }
}
