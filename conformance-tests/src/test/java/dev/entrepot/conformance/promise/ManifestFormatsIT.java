package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be pushed as a manifest; all of it comes back byte for byte, as the type it had. */
@Section("Promise > Manifests > Formats")
class ManifestFormatsIT {
  @Promise
  void dockerImageIsTaken(Repository repository) {
    Blob config = repository.push(Blob.of("{\"architecture\":\"amd64\"}"));
    Blob layer = repository.push(Blob.random(100));
    roundTrip(
        repository,
        Manifest.dockerImage()
            .config(config, MediaTypes.DOCKER_CONFIG)
            .layer(layer, MediaTypes.DOCKER_LAYER)
            .build());
  }

  @Promise
  void dockerListIsTaken(Repository repository) {
    Blob config = repository.push(Blob.of("{\"architecture\":\"arm64\"}"));
    Manifest image =
        repository.push(
            Manifest.dockerImage()
                .config(config, MediaTypes.DOCKER_CONFIG)
                .field("layers", Blob.of("").descriptor("x").arrayNode())
                .build());
    ObjectNode child = image.descriptor();
    child.putObject("platform").put("architecture", "arm64").put("os", "linux");
    roundTrip(repository, Manifest.dockerList().manifest(child).build());
  }

  @Promise
  void indexOfIndexesIsTaken(Repository repository) {
    Manifest inner =
        repository.push(Manifest.index().manifest(repository.pushImage().manifest()).build());
    roundTrip(repository, Manifest.index().manifest(inner).build());
  }

  @Promise
  void indexOfOciAndDockerManifestsIsTaken(Repository repository) {
    Blob config = repository.push(Blob.of("{\"os\":\"linux\"}"));
    Manifest docker =
        repository.push(
            Manifest.dockerImage()
                .config(config, MediaTypes.DOCKER_CONFIG)
                .layer(config, MediaTypes.DOCKER_LAYER)
                .build());
    roundTrip(
        repository,
        Manifest.index().manifest(docker).manifest(repository.pushImage().manifest()).build());
  }

  @Promise
  void artifactIsTaken(Repository repository) {
    repository.push(Blob.EMPTY_JSON);
    roundTrip(repository, Manifest.artifact("application/vnd.example.thing").build());
  }

  @Promise
  void artifactWithASubjectIsTaken(Repository repository) {
    repository.push(Blob.EMPTY_JSON);
    Manifest subject = repository.pushImage().manifest();
    roundTrip(
        repository, Manifest.artifact("application/vnd.example.sbom").subject(subject).build());
  }

  @Promise
  void descriptorsMayHaveData(Repository repository) {
    Blob config = repository.push(Blob.of("{\"inline\":true}"));
    ObjectNode descriptor = config.descriptor("application/vnd.example.config+json");
    descriptor.put("data", Base64.getEncoder().encodeToString(config.bytes()));
    roundTrip(repository, Manifest.image().field("config", descriptor).noLayers().build());
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {MediaTypes.OCI_FOREIGN_LAYER, MediaTypes.DOCKER_FOREIGN_LAYER})
  void foreignLayersNeedNotBePushed(String type, Repository repository) {
    Blob config = repository.push(Blob.of("{\"os\":\"windows\"}"));
    ObjectNode foreign = Blob.random(100).descriptor(type);
    foreign.putArray("urls").add("https://layers.example.com/base");
    roundTrip(
        repository, Manifest.image().config(config, MediaTypes.OCI_CONFIG).layer(foreign).build());
  }

  @Promise
  void emptyLayerIsTaken(Repository repository) {
    Blob config = repository.push(Blob.of("{}"));
    Blob empty = repository.push(Blob.of(""));
    roundTrip(
        repository,
        Manifest.image()
            .config(config, MediaTypes.OCI_CONFIG)
            .layer(empty, MediaTypes.OCI_LAYER)
            .build());
  }

  @Promise
  void sameLayerMayBeListedTwice(Repository repository) {
    Blob config = repository.push(Blob.of("{}"));
    roundTrip(
        repository,
        Manifest.image()
            .config(config, MediaTypes.OCI_CONFIG)
            .layer(config, MediaTypes.OCI_LAYER)
            .layer(config, MediaTypes.OCI_LAYER)
            .build());
  }

  @Promise
  void configMayBeOfAnyMediaType(Repository repository) {
    Blob config = repository.push(Blob.of("name: chart"));
    roundTrip(
        repository,
        Manifest.image()
            .config(config, "application/vnd.cncf.helm.config.v1+json")
            .noLayers()
            .build());
  }

  @Promise
  void layersMayBeOfAnyMediaType(Repository repository) {
    Blob config = repository.push(Blob.of("{}"));
    Blob wasm = repository.push(Blob.random(64));
    roundTrip(
        repository,
        Manifest.image()
            .config(config, MediaTypes.OCI_CONFIG)
            .layer(wasm, "application/wasm")
            .build());
  }

  @Promise
  void indexEntryThatIsNoManifestIsKeptAsABlob(Repository repository) {
    Blob layer = repository.push(Blob.random(100));
    Blob config = repository.push(Blob.of("{\"layers\":[]}"));
    roundTrip(
        repository,
        Manifest.index()
            .manifest(layer.descriptor(MediaTypes.OCI_LAYER_GZIP))
            .manifest(config.descriptor(MediaTypes.BUILDKIT_CACHE_CONFIG))
            .build());
    repository.request().delete(repository.blob(layer)).then().spec(error(405, "UNSUPPORTED"));
  }

  @Promise
  void indexEntryThatIsNoManifestMustBeThereAsABlob(Repository repository) {
    Blob missing = Blob.random(100);
    Manifest index =
        Manifest.index().manifest(missing.descriptor(MediaTypes.OCI_LAYER_GZIP)).build();
    Response refused = repository.put(index, "cache");
    refused.then().spec(error(404, "MANIFEST_BLOB_UNKNOWN"));
    assertThat(refused.asString()).contains(missing.digest());
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {MediaTypes.DOCKER_SCHEMA_1, MediaTypes.DOCKER_SCHEMA_1_SIGNED})
  void dockerSchema1IsRefusedWithTheReason(String type, Repository repository) {
    String body = "{\"schemaVersion\":1,\"name\":\"x\",\"tag\":\"v1\",\"fsLayers\":[]}";
    Response refused = repository.put(new Manifest(Blob.of(body), type), "v1");
    refused.then().spec(error("MANIFEST_INVALID"));
    assertThat(refused.jsonPath().getString("errors[0].message"))
        .containsPattern("(?i)schema ?(version)? ?1\\b");
  }

  private static void roundTrip(Repository repository, Manifest manifest) {
    repository.put(manifest, "v1").then().statusCode(201);
    for (String reference : new String[] {"v1", manifest.digest()}) {
      Response pulled = repository.request().get(repository.manifest(reference));
      pulled
          .then()
          .statusCode(200)
          .header("Content-Type", equalTo(manifest.mediaType()))
          .header("Docker-Content-Digest", equalTo(manifest.digest()));
      assertThat(pulled.asByteArray()).isEqualTo(manifest.bytes());
    }
  }
}
