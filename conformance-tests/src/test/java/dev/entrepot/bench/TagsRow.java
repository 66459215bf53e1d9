package dev.entrepot.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Pages of a repository with a million tags: the last must come about as soon as the first. */
final class TagsRow implements Row {
  private static final String REPOSITORY = "bench/tags";
  private static final int PAGE = 100;
  private static final int CLIENTS = 4;

  /** Keeps the request line below the 4 KiB that servers commonly allow. */
  private static final int TAGS_PER_PUSH = 200;

  private static final int CONNECTIONS = 8;

  @Override
  public String id() {
    return "tags";
  }

  @Override
  public String title() {
    return "GET tags/list?n=100 of a million tags, 8 connections";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    if (!session.options().wantsServer("entrepot")) {
      throw new Skipped("a row of entrepot alone");
    }
    Options options = session.options();
    int tags = options.scaled(1_000_000, 50_000);
    Server server = session.own(new Entrepot(session.directory().resolve("tags")));
    server.start();
    long begin = System.nanoTime();
    fill(server, tags);
    double filled = (System.nanoTime() - begin) / 1e9;
    result.note("%,d tags, pushed in %.0f s".formatted(tags, filled));
    String first = server.url() + "/v2/" + REPOSITORY + "/tags/list?n=" + PAGE;
    String last = first + "&last=" + tag(tags - PAGE - 1);
    Wrk wrk = new Wrk(session.directory());
    wrk.run(first, CONNECTIONS, options.scaled(5, 2));
    wrk.run(last, CONNECTIONS, options.scaled(5, 2));
    for (int run = 0; run < options.runs(); run++) {
      add(result, "first page", wrk.run(first, CONNECTIONS, options.scaled(4, 2)));
      add(result, "last page", wrk.run(last, CONNECTIONS, options.scaled(4, 2)));
    }
    whole(server, tags, result);
    session.release(server);
    result.target(
        Target.ratioAtMost(
            "the last page's p99 beside the first's",
            2,
            result.ratio("last page", "first page", Metric.P99_MS)));
  }

  private static void add(RowResult result, String subject, Wrk.Result figures) {
    result.add(subject, Metric.REQUESTS_PER_SECOND, figures.requestsPerSecond());
    result.add(subject, Metric.P50_MS, figures.p50() / 1000);
    result.add(subject, Metric.P99_MS, figures.p99() / 1000);
  }

  /** The list without {@code n}, which is streamed. */
  private static void whole(Server server, int tags, RowResult result) throws Exception {
    long begin = System.nanoTime();
    long[] bytes = {0};
    try (HttpConnection connection = new HttpConnection(server.port())) {
      connection.start("GET", "/v2/" + REPOSITORY + "/tags/list", Map.of(), 0);
      connection.response("GET", (buffer, offset, length) -> bytes[0] += length).expect(200);
    }
    if (bytes[0] < (long) tags * tag(0).length()) {
      throw new IllegalStateException("the whole list has only %,d bytes".formatted(bytes[0]));
    }
    result.add("whole list", Metric.SECONDS, (System.nanoTime() - begin) / 1e9);
    result.add("whole list", Metric.PEAK_MIB, server.peakMib());
  }

  private static String tag(int number) {
    return "v%07d".formatted(number);
  }

  private static void fill(Server server, int tags) throws Exception {
    byte[] config = Content.config("tags", 300);
    try (HttpConnection connection = new HttpConnection(server.port())) {
      new Pusher(connection, REPOSITORY).blob(config);
    }
    byte[] manifest = Content.manifest(Content.digest(config), config.length);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      int first = client * TAGS_PER_PUSH;
      tasks.add(
          () -> {
            try (HttpConnection connection = new HttpConnection(server.port())) {
              Pusher pusher = new Pusher(connection, REPOSITORY);
              for (int start = first; start < tags; start += CLIENTS * TAGS_PER_PUSH) {
                pusher.manifest(reference(manifest, start, tags), manifest);
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

  private static String reference(byte[] manifest, int start, int tags) {
    StringBuilder reference = new StringBuilder(Content.digest(manifest));
    for (int number = start; number < Math.min(tags, start + TAGS_PER_PUSH); number++) {
      reference.append(number == start ? '?' : '&').append("tag=").append(tag(number));
    }
    return reference.toString();
  }
}
