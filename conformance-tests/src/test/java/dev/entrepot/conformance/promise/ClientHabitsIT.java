package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients rely on without the specification's leave. */
@Section("Promise > Client habits")
class ClientHabitsIT {
  private static final String VERSION = "Docker-Distribution-API-Version";

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(
      strings = {
        "/v2/",
        "/v2",
        "/v2/_catalog",
        "/v2/unknown/tags/list",
        "/v2/UPPER/tags/list",
        "/v2/unknown/manifests/v1",
        "/v2/unknown/blobs/sha256:xyz",
        "/v2/no/such/path"
      })
  void everyAnswerToAGetHasTheApiVersion(String path, Registry registry) {
    registry.request().get(path).then().header(VERSION, equalTo("registry/2.0"));
  }

  @Promise
  void everyAnswerToAPushHasTheApiVersion(Repository repository) {
    Response post = repository.request().post(repository.uploads());
    post.then().header(VERSION, equalTo("registry/2.0"));
    Blob blob = Blob.random(10);
    repository
        .request()
        .body(blob.bytes())
        .put(Repository.closing(repository.location(post), blob.digest()))
        .then()
        .statusCode(201)
        .header(VERSION, equalTo("registry/2.0"));
  }

  @Promise
  void refusedMethodHasTheApiVersion(Registry registry) {
    registry.request().delete("/v2/").then().statusCode(405).header(VERSION, "registry/2.0");
  }

  @Promise
  void baseNeedsNoTrailingSlash(Registry registry) {
    registry.request().get("/v2").then().statusCode(200);
  }

  @Promise
  void uploadsNeedNoTrailingSlash(Repository repository) {
    repository.request().post(repository.path("blobs/uploads")).then().statusCode(202);
  }

  @Promise
  void uploadIsNamedByItsUuid(Repository repository) {
    repository
        .request()
        .post(repository.uploads())
        .then()
        .header("Docker-Upload-UUID", matchesPattern("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
  }

  @Promise
  void uploadKeepsItsUuid(Repository repository) {
    Response post = repository.request().post(repository.uploads());
    String uuid = post.header("Docker-Upload-UUID");
    Response patch =
        repository
            .request()
            .contentType(MediaTypes.OCTET_STREAM)
            .body(new byte[10])
            .patch(repository.location(post));
    patch.then().statusCode(202).header("Docker-Upload-UUID", equalTo(uuid));
    repository
        .request()
        .get(repository.location(patch))
        .then()
        .statusCode(204)
        .header("Docker-Upload-UUID", equalTo(uuid));
  }

  @Promise
  void locationsAreRelative(Repository repository) {
    Response post = repository.request().post(repository.uploads());
    post.then().header("Location", matchesPattern("/v2/.*"));
    Blob blob = Blob.of("{}");
    repository
        .request()
        .body(blob.bytes())
        .put(Repository.closing(repository.location(post), blob.digest()))
        .then()
        .header("Location", equalTo(repository.blob(blob)));
    Manifest manifest = Manifest.image().config(blob, MediaTypes.OCI_CONFIG).noLayers().build();
    repository.put(manifest, "v1").then().header("Location", matchesPattern("/v2/.*"));
  }

  @Promise
  void uploadsStateIsInThePathOfItsLocation(Repository repository) {
    String location = repository.startUpload();
    assertThat(location).doesNotContain("?");
    assertThat(repository.sendChunk(location, Blob.random(10), 0, 10)).doesNotContain("?");
  }

  @Promise
  void rangeOfANewUploadIsZeroToZero(Repository repository) {
    repository.request().post(repository.uploads()).then().header("Range", equalTo("0-0"));
  }

  @Promise
  void rangeOfAnEmptyUploadsStatusIsZeroToZero(Repository repository) {
    repository
        .request()
        .get(repository.startUpload())
        .then()
        .statusCode(204)
        .header("Range", equalTo("0-0"));
  }

  @Promise
  void emptyPatchIs202WithRangeZeroToZero(Repository repository) {
    repository
        .request()
        .patch(repository.startUpload())
        .then()
        .statusCode(202)
        .header("Range", equalTo("0-0"));
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"0-99", "bytes 0-99/*", "bytes 0-99/100"})
  void contentRangeIsReadAsClientsWriteIt(String range, Repository repository) {
    repository
        .request()
        .header("Content-Range", range)
        .contentType(MediaTypes.OCTET_STREAM)
        .body(new byte[100])
        .patch(repository.startUpload())
        .then()
        .statusCode(202)
        .header("Range", equalTo("0-99"));
  }

  @Promise
  void everyAnswerAboutContentHasItsDigest(Repository repository, Repository other) {
    Image image = Image.random();
    Blob layer = image.layer();
    String digest = "Docker-Content-Digest";
    repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(layer.bytes())
        .put(Repository.closing(repository.startUpload(), layer.digest()))
        .then()
        .header(digest, equalTo(layer.digest()));
    repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(image.config().bytes())
        .post(repository.uploads() + "?digest=" + image.config().digest())
        .then()
        .header(digest, equalTo(image.config().digest()));
    other
        .request()
        .post(other.uploads() + "?mount=" + layer.digest() + "&from=" + repository.name())
        .then()
        .header(digest, equalTo(layer.digest()));
    repository
        .put(image.manifest(), "v1")
        .then()
        .header(digest, equalTo(image.manifest().digest()));
  }

  @Promise
  void parametersThatTheRegistryDoesNotKnowAreIgnored(Repository repository) {
    Image image = repository.pushImage("v1");
    for (String path :
        new String[] {
          repository.manifest("v1"), repository.blob(image.layer()), repository.tags()
        }) {
      repository.request().get(path + "?ns=registry.example.com").then().statusCode(200);
    }
  }

  @Promise
  void digestsMayHaveAnEscapedColon(Repository repository) {
    Image image = Image.random();
    Blob layer = image.layer();
    repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(layer.bytes())
        .put(Repository.closing(repository.startUpload(), escaped(layer.digest())))
        .then()
        .statusCode(201);
    repository.push(image.config());
    String manifest = repository.manifest(escaped(image.manifest().digest()));
    repository.put(image.manifest(), escaped(image.manifest().digest())).then().statusCode(201);
    repository.request().get(manifest).then().statusCode(200);
    repository.request().get(repository.blob(escaped(layer.digest()))).then().statusCode(200);
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"text/plain", "application/vnd.oci.image.index.v1+json", "nonsense"})
  void acceptThatDoesNotMatchIsIgnored(String accept, Repository repository) {
    Image image = repository.pushImage("v1");
    for (String path :
        new String[] {
          repository.manifest("v1"),
          repository.manifest(image.manifest().digest()),
          repository.blob(image.layer())
        }) {
      repository.request().header("Accept", accept).get(path).then().statusCode(200);
    }
  }

  @Promise
  void nothingIsCompressed(Repository repository) {
    Manifest manifest =
        repository.push(
            Manifest.index().annotation("long", "compressible ".repeat(1000)).build(), "v1");
    byte[] pulled =
        repository
            .request()
            .header("Accept-Encoding", "gzip, deflate, br, zstd")
            .get(repository.manifest("v1"))
            .then()
            .header("Content-Encoding", nullValue())
            .extract()
            .asByteArray();
    assertThat(pulled).isEqualTo(manifest.bytes());
    repository
        .request()
        .header("Accept-Encoding", "gzip")
        .get(repository.tags())
        .then()
        .header("Content-Encoding", nullValue());
  }

  private static String escaped(String digest) {
    return digest.replace(":", "%3A");
  }
}
