package dev.entrepot.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Builds whose images and whose cache go to the registry. */
@ExtendWith(RegistryUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BuildKitIT {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private Registry registry;
  private BuildKit buildKit;
  @TempDir Path directory;

  @BeforeAll
  void startBuildKit(Registry registry) {
    this.registry = registry;
    if (!Files.isExecutable(BUSYBOX)) {
      Program.skip("busybox-static is not installed");
    }
    buildKit = BuildKit.start();
  }

  @AfterAll
  void stopBuildKit() {
    if (buildKit != null) {
      buildKit.close();
    }
  }

  @Test
  void cacheThatIsAnIndexOfBlobsIsExportedAndImported() throws IOException {
    String repository = "buildkit/" + Registry.uniqueName();
    Path context = context();

    buildKit.build(context, output(repository), export(repository, "image-manifest=false"));
    buildKit.forgetEverything();
    String log = buildKit.build(context, output(repository), importFrom(repository));

    // An index whose entries are no manifests but layers and a cache configuration.
    assertThat(mediaTypesInCache(repository, MediaTypes.OCI_INDEX))
        .contains(MediaTypes.OCI_LAYER_GZIP, MediaTypes.BUILDKIT_CACHE_CONFIG);
    assertThat(cachedSteps(log)).isEqualTo(3);
  }

  @Test
  void cacheInDockersFormatIsExportedAndImported() throws IOException {
    String repository = "buildkit/" + Registry.uniqueName();
    Path context = context();

    buildKit.build(
        context,
        output(repository) + ",oci-mediatypes=false",
        export(repository, "image-manifest=false,oci-mediatypes=false"));
    buildKit.forgetEverything();
    String log = buildKit.build(context, output(repository), importFrom(repository));

    assertThat(mediaTypesInCache(repository, MediaTypes.DOCKER_LIST))
        .contains(MediaTypes.DOCKER_LAYER, MediaTypes.BUILDKIT_CACHE_CONFIG);
    assertThat(cachedSteps(log)).isEqualTo(3);
  }

  @Test
  void cacheThatIsAnImageIsExportedAndImported() throws IOException {
    String repository = "buildkit/" + Registry.uniqueName();
    Path context = context();

    buildKit.build(context, output(repository), export(repository, "image-manifest=true"));
    buildKit.forgetEverything();
    String log = buildKit.build(context, output(repository), importFrom(repository));

    assertThat(cachedSteps(log)).isEqualTo(3);
  }

  @Test
  void indexOfTwoPlatformsWithAttestationsIsPushed() throws IOException {
    String repository = "buildkit/" + Registry.uniqueName();

    buildKit.build(
        contextWithoutSteps(),
        output(repository),
        "--opt=platform=linux/amd64,linux/arm64",
        "--opt=attest:provenance=mode=max");

    JsonNode index = manifest(repository, "1");
    assertThat(index.get("mediaType").asText()).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(index.get("manifests")).hasSize(4);
    for (JsonNode child : index.get("manifests")) {
      assertThat(manifest(repository, child.get("digest").asText()).get("layers")).isNotEmpty();
    }
  }

  @Test
  void layerOfAnotherRepositoryIsMountedForABase() throws IOException {
    String base = "buildkit/" + Registry.uniqueName();
    String derived = "buildkit/" + Registry.uniqueName();
    buildKit.build(context(), output(base));
    Path context = Files.createTempDirectory(directory, "derived");
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM " + registry.authority() + "/" + base + ":1\nCOPY Dockerfile /recipe\n");

    buildKit.build(context, output(derived));

    JsonNode baseLayers = manifest(base, "1").get("layers");
    JsonNode layers = manifest(derived, "1").get("layers");
    assertThat(layers).hasSize(baseLayers.size() + 1);
    assertThat(layers.get(0)).isEqualTo(baseLayers.get(0));
  }

  private String output(String repository) {
    return "--output=type=image,push=true,registry.insecure=true,name="
        + registry.authority()
        + "/"
        + repository
        + ":1";
  }

  private String export(String repository, String options) {
    return "--export-cache=type=registry,mode=max,registry.insecure=true,"
        + options
        + ",ref="
        + cache(repository);
  }

  private String importFrom(String repository) {
    return "--import-cache=type=registry,registry.insecure=true,ref=" + cache(repository);
  }

  private String cache(String repository) {
    return registry.authority() + "/" + repository + "/cache:latest";
  }

  private List<String> mediaTypesInCache(String repository, String mediaType) throws IOException {
    JsonNode cache = manifest(repository + "/cache", "latest");
    assertThat(cache.get("mediaType").asText()).isEqualTo(mediaType);
    return StreamSupport.stream(cache.get("manifests").spliterator(), false)
        .map(entry -> entry.get("mediaType").asText())
        .toList();
  }

  private JsonNode manifest(String repository, String reference) throws IOException {
    return new ObjectMapper()
        .readTree(
            registry
                .request()
                .header(
                    "Accept",
                    String.join(
                        ", ",
                        MediaTypes.OCI_INDEX,
                        MediaTypes.OCI_MANIFEST,
                        MediaTypes.DOCKER_LIST,
                        MediaTypes.DOCKER_MANIFEST))
                .get("/v2/" + repository + "/manifests/" + reference)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray());
  }

  private static long cachedSteps(String log) {
    return log.lines().filter(line -> line.matches("#\\d+ CACHED")).count();
  }

  private Path context() throws IOException {
    Path context = contextWithoutSteps();
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM scratch
        COPY busybox word /bin/
        RUN ["/bin/busybox", "mkdir", "/d"]
        RUN ["/bin/busybox", "cp", "/bin/word", "/d/word"]
        """);
    return context;
  }

  private Path contextWithoutSteps() throws IOException {
    Path context = Files.createTempDirectory(directory, "context");
    Files.copy(BUSYBOX, context.resolve("busybox"));
    Files.writeString(context.resolve("word"), UUID.randomUUID().toString());
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY busybox word /bin/\n");
    return context;
  }
}
