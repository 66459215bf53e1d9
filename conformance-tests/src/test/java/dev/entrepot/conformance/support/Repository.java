package dev.entrepot.conformance.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.List;

/**
 * A client of one repository. The {@code push…} methods are for what a test needs before its one
 * act: they fail when the registry refuses.
 */
public final class Repository {
  private final Registry registry;
  private final String name;

  Repository(Registry registry, String name) {
    this.registry = registry;
    this.name = name;
  }

  public String name() {
    return name;
  }

  public Registry registry() {
    return registry;
  }

  public RequestSpecification request() {
    return registry.request();
  }

  /** {@code /v2/<name>/<rest>}. */
  public String path(String rest) {
    return "/v2/" + name + "/" + rest;
  }

  public String blob(String digest) {
    return path("blobs/" + digest);
  }

  public String blob(Blob blob) {
    return blob(blob.digest());
  }

  public String manifest(String reference) {
    return path("manifests/" + reference);
  }

  public String uploads() {
    return path("blobs/uploads/");
  }

  public String tags() {
    return path("tags/list");
  }

  public String referrers(String digest) {
    return path("referrers/" + digest);
  }

  /** Starts an upload; returns its absolute URL. */
  public String startUpload() {
    return location(registry.request().post(uploads()).then().statusCode(202).extract().response());
  }

  /** The {@code Location} of an answer as an absolute URL. */
  public String location(Response response) {
    String location = response.header("Location");
    assertThat(location).as("Location").isNotNull();
    return registry.url().resolve(URI.create(location)).toString();
  }

  /** An upload's URL with the parameter that closes it. */
  public static String closing(String location, String digest) {
    return location + (location.contains("?") ? "&" : "?") + "digest=" + digest;
  }

  /** Sends one chunk of an upload; returns the upload's next URL. */
  public String sendChunk(String location, Blob blob, int from, int to) {
    return location(
        request()
            .header("Content-Range", from + "-" + (to - 1))
            .contentType(MediaTypes.OCTET_STREAM)
            .body(blob.slice(from, to))
            .patch(location)
            .then()
            .statusCode(202)
            .extract()
            .response());
  }

  /** Pushes a blob by POST and PUT. */
  public Blob push(Blob blob) {
    request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.bytes())
        .put(closing(startUpload(), blob.digest()))
        .then()
        .statusCode(201);
    return blob;
  }

  /** Pushes a manifest by digest, or under each tag; what it references must be there. */
  public Manifest push(Manifest manifest, String... tags) {
    for (String reference : tags.length == 0 ? List.of(manifest.digest()) : List.of(tags)) {
      put(manifest, reference).then().statusCode(201);
    }
    return manifest;
  }

  /** Pushes an image's blobs and then its manifest, by digest or under each tag. */
  public Image push(Image image, String... tags) {
    push(image.config());
    image.layers().forEach(this::push);
    push(image.manifest(), tags);
    return image;
  }

  /** Pushes an image that no other test has. */
  public Image pushImage(String... tags) {
    return push(Image.random(), tags);
  }

  /** Sends a manifest and returns whatever is answered. */
  public Response put(Manifest manifest, String reference) {
    return request()
        .contentType(manifest.mediaType())
        .body(manifest.bytes())
        .put(manifest(reference));
  }
}
