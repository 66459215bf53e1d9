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
  private static final int IMAGES = 3;

  /** How long more images follow. */
  private static final Duration LENGTH = LongRuns.of(Duration.ZERO, Duration.ofMinutes(5));

  private static final int LAYERS = 3;
  private static final int LAYER_SIZE = 6_000_000;
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(3);

  private final Random random = new Random();
  private int images;
  private int refused;
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
        long end = System.nanoTime() + LENGTH.toNanos();
        for (images = 0; images < IMAGES || System.nanoTime() < end; images++) {
          String image = balancer.url().getAuthority() + "/docker/image" + images + ":1";
          engine.build(context(images), image);
          String id = docker.run("image", "inspect", "--format={{.Id}}", image).text();
          untilItWorks(docker, "push", image);
          engine.forgetEverything();
          untilItWorks(docker, "pull", image);
          assertThat(docker.run("image", "inspect", "--format={{.Id}}", image).text())
              .isEqualTo(id);
        }
      } finally {
        running.set(false);
        killer.join();
      }
      System.out.printf(
          "docker through nginx: %d images pushed and pulled, %d kills, %d commands repeated%n",
          images, kills.get(), refused);
      assertThat(kills).hasPositiveValue();
    }
  }

  /** What docker does not try again by itself, its user does. */
  private void untilItWorks(Program docker, String command, String image) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              boolean works = docker.attempt(command, image).exit() == 0;
              refused += works ? 0 : 1;
              return works;
            });
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
