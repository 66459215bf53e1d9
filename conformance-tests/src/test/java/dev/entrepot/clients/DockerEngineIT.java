package dev.entrepot.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryUnderTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker push} and {@code docker pull}. */
@ExtendWith(RegistryUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerEngineIT {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private Registry registry;
  private DockerEngine engine;
  private Program docker;
  @TempDir Path directory;

  @BeforeAll
  void startEngine(Registry registry) {
    this.registry = registry;
    if (!Files.isExecutable(BUSYBOX)) {
      Program.skip("busybox-static is not installed");
    }
    engine = DockerEngine.start();
    docker = engine.docker();
  }

  @AfterAll
  void stopEngine() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void imageOfSeveralLayersRunsAfterPushRemovalAndPull() throws IOException {
    String image = name("docker/app", "1.0");
    String word = UUID.randomUUID().toString();
    engine.build(context(word), image);

    docker.run("push", image);
    engine.forgetEverything();
    assertThat(docker.attempt("image", "inspect", image).exit()).isNotZero();
    docker.run("pull", image);

    assertThat(engine.runImage(image)).isEqualTo(word);
    assertThat(engine.runImage(image, "/bin/busybox", "cat", "/d/second")).isEqualTo("two");
  }

  @Test
  void imageBuiltByBuildKitRunsAfterPushRemovalAndPull() throws IOException {
    String image = name("docker/buildkit", "1.0");
    String word = UUID.randomUUID().toString();
    engine.buildWithBuildKit(context(word), image);

    docker.run("push", image);
    engine.forgetEverything();

    // Without a pull of its own: run pulls what is missing.
    assertThat(engine.runImage(image)).isEqualTo(word);
  }

  @Test
  void inlineCacheIsImportedFromTheRegistry() throws IOException {
    String image = name("docker/inline", "cache");
    Path context = context("cached");
    engine.buildWithBuildKit(context, image, "--build-arg", "BUILDKIT_INLINE_CACHE=1");
    docker.run("push", image);
    engine.forgetEverything();

    String log =
        engine
            .buildWithBuildKit(
                context, name("docker/inline", "again"), "--progress=plain", "--cache-from", image)
            .all();

    assertThat(log).contains("CACHED");
  }

  @Test
  void layerOfManyMegabytesComesBack() throws IOException {
    String image = name("docker/large", "1");
    Path context = context("large");
    byte[] random = new byte[60 << 20];
    ThreadLocalRandom.current().nextBytes(random);
    Files.write(context.resolve("large"), random);
    Files.writeString(
        context.resolve("Dockerfile"), "FROM scratch\nCOPY busybox /bin/\nCOPY large /large\n");
    engine.build(context, image);

    docker.run("push", image);
    engine.forgetEverything();
    docker.run("pull", image);

    assertThat(engine.runImage(image, "/bin/busybox", "sha256sum", "/large"))
        .startsWith(dev.entrepot.conformance.support.Blob.of(random).digest().substring(7));
  }

  @Test
  void secondPushSendsNoLayer() throws IOException {
    String image = name("docker/twice", "1");
    engine.build(context("twice"), image);
    docker.run("push", image);

    String log = docker.run("push", image).out();

    assertThat(log).contains("Layer already exists").doesNotContain("Pushed");
  }

  @Test
  void pushToAnotherRepositoryMountsTheLayers() throws IOException {
    String image = name("docker/from", "1");
    String copy = name("docker/to", "1");
    engine.build(context("mounted"), image);
    docker.run("push", image);
    docker.run("tag", image, copy);

    String log = docker.run("push", copy).out();

    assertThat(log).contains("Mounted from").doesNotContain("Pushed");
    engine.forgetEverything();
    docker.run("pull", copy);
    assertThat(engine.runImage(copy)).isEqualTo("mounted");
  }

  @Test
  void movedTagPullsTheNewImage() throws IOException {
    String image = name("docker/moved", "latest");
    engine.build(context("old"), image);
    docker.run("push", image);
    engine.build(context("new"), image);
    docker.run("push", image);

    engine.forgetEverything();
    docker.run("pull", image);

    assertThat(engine.runImage(image)).isEqualTo("new");
  }

  @Test
  void digestThatPushReportsPulls() throws IOException {
    String image = name("docker/digest", "1");
    engine.build(context("by digest"), image);
    String log = docker.run("push", image).out();
    String digest = log.replaceAll("(?s).*digest: (sha256:[0-9a-f]{64}).*", "$1");
    String pinned = image.substring(0, image.lastIndexOf(':')) + "@" + digest;

    engine.forgetEverything();
    docker.run("pull", pinned);

    assertThat(engine.runImage(pinned)).isEqualTo("by digest");
  }

  @Test
  void allTagsArePushedAndPulled() throws IOException {
    String first = name("docker/tags", "1");
    String repository = first.substring(0, first.lastIndexOf(':'));
    engine.build(context("tags"), first);
    docker.run("tag", first, repository + ":2");

    docker.run("push", "--all-tags", repository);
    engine.forgetEverything();
    String log = docker.run("pull", "--all-tags", repository).out();

    assertThat(log).contains("1: Pulling from").contains("2: Pulling from");
  }

  @Test
  void manifestListPullsThePartForThisMachine() throws IOException {
    String amd64 = name("docker/list", "amd64");
    String list = amd64.replace(":amd64", ":list");
    String other = amd64.replace(":amd64", ":s390x");
    engine.build(context("here"), amd64);
    engine.build(context("elsewhere"), other);
    docker.run("push", amd64);
    docker.run("push", other);
    docker.run("manifest", "create", "--insecure", list, amd64, other);
    docker.run("manifest", "annotate", "--os", "linux", "--arch", "s390x", list, other);

    String digest = docker.run("manifest", "push", "--insecure", list).text();
    engine.forgetEverything();
    docker.run("pull", list);

    assertThat(digest).startsWith("sha256:");
    assertThat(engine.runImage(list)).isEqualTo("here");
  }

  @Test
  void samePushFromTwoSidesAtOnceSucceedsTwice() throws IOException {
    String image = name("docker/both", "1");
    Path context = context("both");
    Files.write(context.resolve("busybox"), new byte[1], java.nio.file.StandardOpenOption.APPEND);
    engine.build(context, image);
    List<CompletableFuture<Program.Output>> pushes =
        java.util.stream.IntStream.range(0, 3)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> docker.run("push", image)))
            .toList();
    pushes.forEach(CompletableFuture::join);

    engine.forgetEverything();
    docker.run("pull", image);

    assertThat(engine.runImage(image)).isEqualTo("both");
  }

  @Test
  void imageThatIsNotThereIsReportedAsUnknown() {
    Program.Output output = docker.attempt("pull", name("docker/absent", "1"));

    assertThat(output.exit()).isNotZero();
    assertThat(output.err()).containsPattern("not found|manifest unknown");
  }

  @Test
  void manifestIsKeptInDockersFormat() throws IOException {
    String image = name("docker/format", "1");
    engine.build(context("format"), image);

    docker.run("push", image);

    String repository = image.substring(registry.authority().length() + 1, image.lastIndexOf(':'));
    Response manifest = registry.request().get("/v2/" + repository + "/manifests/1");
    assertThat(manifest.header("Content-Type"))
        .isEqualTo("application/vnd.docker.distribution.manifest.v2+json");
  }

  private String name(String repository, String tag) {
    return registry.authority() + "/" + repository + "-" + Registry.uniqueName() + ":" + tag;
  }

  /** A build of busybox and three small layers whose container prints a word. */
  private Path context(String word) throws IOException {
    Path context = Files.createTempDirectory(directory, "context");
    Files.copy(BUSYBOX, context.resolve("busybox"));
    Files.writeString(context.resolve("word"), word + "\n");
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "mkdir", "/d"]
        RUN ["/bin/busybox", "sh", "-c", "echo two > /d/second"]
        ENV EMPTY=layer
        COPY word /d/word
        CMD ["/bin/busybox", "cat", "/d/word"]
        """);
    return context;
  }
}
