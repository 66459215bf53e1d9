package dev.entrepot.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More than the servers can do at once: 503 and not more sessions of PostgreSQL than it has. */
@OwnServer
class LoadIT {
  private static final int PULLS = 1000;
  private static final int PUSHES = 300;
  private static final int MAX_SESSIONS = 100;
  private static final Duration ALL_PUSHED = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
  private final AtomicInteger withoutRetryAfter = new AtomicInteger();

  @Test
  void thousandPullsAndThreeHundredPushesAtOnceFindTheirWay() throws Exception {
    try (Cluster cluster = Cluster.start(directory, 3, Map.of())) {
      List<Repository> repositories = fill(cluster);
      cluster.servers().forEach(RegistryServer::restart); // cold
      AtomicBoolean running = new AtomicBoolean(true);
      AtomicLong most = new AtomicLong();
      Thread counter = Thread.ofPlatform().start(() -> count(cluster, running, most));
      try (HttpClient http = client();
          ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<URI> urls = cluster.urls();
        long begin = System.nanoTime();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < PULLS; i++) {
          URI url = urls.get(i % urls.size());
          Repository repository = repositories.get(i % repositories.size());
          all.add(clients.submit(() -> pull(http, url, repository.name())));
        }
        for (int i = 0; i < PUSHES; i++) {
          int number = i;
          all.add(clients.submit(() -> push(http, urls, "load/pushed" + number)));
        }
        try {
          for (Future<?> each : all) {
            each.get();
          }
        } finally {
          clients.shutdownNow();
          running.set(false);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        counter.join();
        System.out.printf(
            "load test: %d pulls and %d pushes in %d ms; %d sessions at most; answers %s%n",
            PULLS, PUSHES, took.toMillis(), most.get(), statuses);
        assertThat(took).isLessThan(ALL_PUSHED);
        assertThat(most.get()).isBetween(1L, (long) MAX_SESSIONS);
        assertThat(statuses.keySet()).isSubsetOf(200, 201, 202, 503);
        assertThat(withoutRetryAfter).hasValue(0);
      }
    }
  }

  @Test
  void restartOfTheDatabaseLosesNoAcknowledgedPushAndReadsFromMemoryGoOn() throws Exception {
    try (Cluster cluster = Cluster.start(directory, 2, Map.of());
        HttpClient http = client();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Repository warm = cluster.server(0).registry().newRepository();
      warm.pushImage("v1");
      String hot = "/v2/" + warm.name() + "/manifests/v1";
      URI reader = cluster.server(1).url();
      assertThat(get(http, reader.resolve(hot)).statusCode()).isEqualTo(200);
      AtomicInteger next = new AtomicInteger();
      AtomicBoolean running = new AtomicBoolean(true);
      List<Future<?>> pushers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        pushers.add(
            clients.submit(
                () -> {
                  while (running.get()) {
                    push(http, cluster.urls(), "restart/pushed" + next.getAndIncrement());
                  }
                }));
      }
      try {
        await().until(() -> next.get() > 20);
        cluster.postgres().crash();
        for (int i = 0; i < 50; i++) {
          assertThat(get(http, reader.resolve(hot)).statusCode()).isEqualTo(200);
        }
        cluster.postgres().startAgain();
        int before = next.get();
        await().atMost(ALL_PUSHED).until(() -> next.get() > before + 20);
        running.set(false);
        for (Future<?> pusher : pushers) {
          pusher.get();
        }
      } finally {
        clients.shutdownNow(); // those that wait for a server that does not come back, too
      }
      assertThat(statuses.keySet()).isSubsetOf(200, 201, 202, 503);
      assertThat(withoutRetryAfter).hasValue(0);
      for (int i = 0; i < next.get(); i++) {
        pull(http, cluster.urls().get(i % 2), "restart/pushed" + i);
      }
      System.out.printf(
          "restart of the database: %d pushes, all there; answers %s%n", next.get(), statuses);
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static List<Repository> fill(Cluster cluster) {
    List<Repository> repositories = new ArrayList<>();
    for (int i = 0; i < PULLS / 5; i++) {
      Repository repository = cluster.server(0).registry().repository("load/pulled" + i);
      repository.push(Image.random(1, 1000), "v1");
      repositories.add(repository);
    }
    return repositories;
  }

  private static void count(Cluster cluster, AtomicBoolean running, AtomicLong most) {
    while (running.get()) {
      most.accumulateAndGet(cluster.postgres().sessions(), Math::max);
      Thread.onSpinWait();
    }
  }

  private void pull(HttpClient http, URI url, String repository) {
    until(200, () -> get(http, url.resolve("/v2/" + repository + "/manifests/v1")));
  }

  /** A whole image; what is refused is tried again, each time at another server. */
  private void push(HttpClient http, List<URI> urls, String repository) {
    Image image = Image.random(1, 2000);
    AtomicInteger turn = new AtomicInteger(repository.hashCode() & 0xffff);
    for (Blob blob : List.of(image.config(), image.layer())) {
      until(
          201,
          () -> {
            URI url = urls.get(turn.getAndIncrement() % urls.size());
            String path = "/v2/" + repository + "/blobs/uploads/?digest=" + blob.digest();
            return send(
                http,
                HttpRequest.newBuilder(url.resolve(path))
                    .header("Content-Type", MediaTypes.OCTET_STREAM)
                    .POST(BodyPublishers.ofByteArray(blob.bytes())));
          });
    }
    until(
        201,
        () -> {
          URI url = urls.get(turn.getAndIncrement() % urls.size());
          return send(
              http,
              HttpRequest.newBuilder(url.resolve("/v2/" + repository + "/manifests/v1"))
                  .header("Content-Type", image.manifest().mediaType())
                  .PUT(BodyPublishers.ofByteArray(image.manifest().bytes())));
        });
  }

  private void until(int wanted, java.util.function.Supplier<HttpResponse<?>> request) {
    while (true) {
      HttpResponse<?> answer = request.get();
      statuses.computeIfAbsent(answer.statusCode(), s -> new AtomicInteger()).incrementAndGet();
      if (answer.statusCode() == wanted) {
        return;
      }
      if (answer.statusCode() != 503) {
        throw new IllegalStateException(answer + ": " + answer.body());
      }
      String wait = answer.headers().firstValue("Retry-After").orElse("");
      if (wait.isEmpty()) {
        withoutRetryAfter.incrementAndGet();
      }
      try {
        Thread.sleep(Duration.ofSeconds(wait.isEmpty() ? 1 : Long.parseLong(wait)));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static HttpResponse<String> get(HttpClient http, URI url) {
    return send(http, HttpRequest.newBuilder(url).GET());
  }

  private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
