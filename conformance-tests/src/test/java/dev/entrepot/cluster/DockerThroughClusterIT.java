package dev.entrepot.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.clients.DockerEngine;
import dev.entrepot.clients.Program;
import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker push} and {@code docker pull} through nginx while servers die. */
@OwnServer
class DockerThroughClusterIT {
  private static final int IMAGES = LongRuns.of(3, 60);
  private static final int LAYERS = 3;
  private static final int LAYER_SIZE = 6_000_000;
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(3);

  private final Random random = new Random();
  @TempDir Path directory;

  @Test
  void whatDockerPushedItPullsWhileServersDie() throws Exception {
    Map<String, String> settings = Map.of("ENTREPOT_UPLOAD_LEASE", "3s");
    try (DockerEngine engine = DockerEngine.start(docker -> docker);
        Cluster cluster = Cluster.start(directory, 3, settings);
        Balancer balancer = cluster.balancer()) {
      Program docker = engine.docker();
      AtomicBoolean running = new AtomicBoolean(true);
      AtomicInteger kills = new AtomicInteger();
      Thread killer = Thread.ofPlatform().start(() -> kill(cluster, running, kills));
      try {
        for (int i = 0; i < IMAGES; i++) {
          String image = balancer.url().getAuthority() + "/docker/image" + i + ":1";
          engine.build(context(i), image);
          String id = docker.run("image", "inspect", "--format={{.Id}}", image).text();
          // What docker does not try again by itself, its user does.
          await()
              .atMost(Duration.ofMinutes(2))
              .until(() -> docker.attempt("push", image).exit() == 0);
          engine.forgetEverything();
          await()
              .atMost(Duration.ofMinutes(2))
              .until(() -> docker.attempt("pull", image).exit() == 0);
          assertThat(docker.run("image", "inspect", "--format={{.Id}}", image).text())
              .isEqualTo(id);
        }
      } finally {
        running.set(false);
        killer.join();
      }
      System.out.printf("docker through nginx: %d images, %d kills%n", IMAGES, kills.get());
      assertThat(kills).hasPositiveValue();
    }
  }

  private void kill(Cluster cluster, AtomicBoolean running, AtomicInteger kills) {
    while (running.get()) {
      RegistryServer victim = cluster.server(random.nextInt(3));
      victim.kill();
      kills.incrementAndGet();
      victim.startAgain();
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_KILLS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path context(int number) throws IOException {
    Path context = Files.createDirectories(directory.resolve("context" + number));
    StringBuilder dockerfile = new StringBuilder("FROM scratch\n");
    for (int layer = 0; layer < LAYERS; layer++) {
      byte[] content = new byte[LAYER_SIZE];
      random.nextBytes(content);
      Files.write(context.resolve("file" + layer), content);
      dockerfile.append("COPY file%1$d /file%1$d%n".formatted(layer));
    }
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    return context;
  }
}
