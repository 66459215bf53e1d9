package dev.entrepot.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A server just restarted answers GETs of ever different manifests and blobs. Its own caches and
 * its compiled code are cold; the kernel's page cache is not.
 */
final class ColdRow implements Row {
  private static final String REPOSITORY = "bench/cold";
  private static final int CLIENTS = 8;
  private static final int CONNECTIONS = 32;

  /** Each thread walks its share of the shuffled paths, so that hardly any is asked for twice. */
  private static final String RANDOM_PATHS =
      """
      local threads = 0
      function setup(thread)
        thread:set("id", threads)
        threads = threads + 1
      end
      function init(args)
        paths = {}
        local number = 0
        for line in io.lines("%s") do
          if number %% 2 == id then paths[#paths + 1] = line end
          number = number + 1
        end
        position = 0
      end
      function request()
        position = position %% #paths + 1
        return wrk.format(nil, paths[position])
      end
      """;

  @Override
  public String id() {
    return "cold";
  }

  @Override
  public String title() {
    return "GET after restart, distinct manifests and blobs, 32 connections";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    int count = session.options().scaled(100_000, 5_000);
    result.note("%,d distinct manifests and %,d distinct blobs".formatted(count, count));
    List<Server> servers = servers(session);
    Path list = session.directory().resolve("cold-paths");
    Files.write(list, paths(count));
    Wrk wrk = new Wrk(session.directory(), "cold", RANDOM_PATHS.formatted(list));
    for (Server server : servers) {
      if (server instanceof Entrepot) {
        server.start();
        fill(server, count);
        server.stop();
      } else {
        lay(server.directory().resolve("data/docker/registry/v2"), count);
      }
    }
    for (int run = 0; run < session.options().runs(); run++) {
      for (Server server : servers) {
        server.start();
        double before = server.tree().cpuSeconds();
        Wrk.Result figures = wrk.run(server.url(), CONNECTIONS, session.options().scaled(6, 3));
        double cpu = server.tree().cpuSeconds() - before;
        result.add(server.name(), Metric.REQUESTS_PER_SECOND, figures.requestsPerSecond());
        result.add(server.name(), Metric.P50_MS, figures.p50() / 1000);
        result.add(server.name(), Metric.P99_MS, figures.p99() / 1000);
        result.add(server.name(), Metric.CPU_MICROS, cpu * 1e6 / figures.requests());
        result.add(server.name(), Metric.PEAK_MIB, server.peakMib());
        server.stop();
      }
    }
    servers.forEach(session::release);
  }

  private static List<Server> servers(Session session) {
    List<Server> servers = new ArrayList<>();
    if (session.options().wantsServer("entrepot")) {
      servers.add(session.own(new Entrepot(session.directory().resolve("cold-entrepot"))));
    }
    if (session.options().wantsServer("distribution") && Tools.find("registry").isPresent()) {
      servers.add(session.own(new Distribution(session.directory().resolve("cold-distribution"))));
    }
    return servers;
  }

  private static byte[] config(int number) {
    return Content.config("cold " + number, 300);
  }

  private static byte[] manifest(byte[] config) {
    return Content.manifest(Content.digest(config), config.length);
  }

  private static List<String> paths(int count) {
    List<String> paths = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      byte[] config = config(number);
      paths.add("/v2/" + REPOSITORY + "/blobs/" + Content.digest(config));
      paths.add("/v2/" + REPOSITORY + "/manifests/" + Content.digest(manifest(config)));
    }
    Collections.shuffle(paths, new Random(7));
    return paths;
  }

  /** Pushes all of them by single POSTs and PUTs. */
  private static void fill(Server server, int count) throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      int first = client;
      tasks.add(
          () -> {
            try (HttpConnection connection = new HttpConnection(server.port())) {
              Pusher pusher = new Pusher(connection, REPOSITORY);
              for (int number = first; number < count; number += CLIENTS) {
                byte[] config = config(number);
                byte[] manifest = manifest(config);
                pusher.blobAtOnce(config);
                pusher.manifest(Content.digest(manifest), manifest);
              }
            }
            return null;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      for (Future<Void> future : threads.invokeAll(tasks)) {
        future.get();
      }
    }
  }

  /** Writes what pushes would leave in distribution's data directory: ten times as fast. */
  private static void lay(Path root, int count) {
    Path repository = root.resolve("repositories").resolve(REPOSITORY);
    for (int number = 0; number < count; number++) {
      byte[] config = config(number);
      byte[] manifest = manifest(config);
      for (Map.Entry<byte[], String> entry :
          Map.of(config, "_layers", manifest, "_manifests/revisions").entrySet()) {
        String digest = Content.digest(entry.getKey());
        String hex = digest.substring("sha256:".length());
        Path data = root.resolve("blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
        write(data, entry.getKey());
        write(
            repository.resolve(entry.getValue() + "/sha256/" + hex + "/link"),
            digest.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
