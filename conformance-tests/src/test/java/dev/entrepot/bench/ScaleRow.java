package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * What requests cost when the metadata has grown a hundredfold: the same server, database and
 * settings, filled to a hundredth, measured, filled to the whole, measured again.
 *
 * <p>Every figure is taken thrice: with nothing of the database's files in memory (cold), after a
 * restart of the server on the same requests (warm: the files are in memory, the server's caches
 * are not), and once more.
 */
final class ScaleRow implements Row {
  private static final int SMALL = 100;
  private static final int SETTLE_MILLIS = 10_000;
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  /** Its blobs have no bytes, which reading them again would find out. */
  private static final Map<String, String> UNREAD = Map.of("ENTREPOT_SCRUB_RATE", "0");

  private static final int PULLS = 2000;
  private static final int LISTS = 1000;
  private static final int PUSHES = 500;
  private static final int LAYER = 4096;

  @Override
  public String id() {
    return "scale";
  }

  @Override
  public String title() {
    return "The same requests at a hundredth and at the whole of the metadata, 1 connection";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    if (!session.options().wantsServer("entrepot")) {
      throw new Skipped("a row of entrepot alone");
    }
    int repositories = session.options().repositories();
    measure(session, repositories / SMALL, "1/100", result);
    measure(session, repositories, "whole", result);
    for (String operation : List.of("pull", "list tags", "list repositories", "push")) {
      target(operation, Metric.P50_MS, result);
    }
    for (CleanUpBatches.Step step : CleanUpBatches.Step.values()) {
      target(step.subject(), Metric.MEAN_MS, result);
    }
  }

  private static void target(String operation, Metric metric, RowResult result) {
    result.target(
        Target.ratioAtMost(
            operation + ", warm " + metric.label() + " beside 1/100",
            1.5,
            result.ratio(operation + " warm, whole", operation + " warm, 1/100", metric)));
  }

  /** A server of each size has a directory of its own, so that what was filled can be kept. */
  private static void measure(Session session, int repositories, String size, RowResult result)
      throws Exception {
    Optional<Path> kept = session.options().data();
    Path directory = kept.orElse(session.directory().resolve("scale"));
    Path own = directory.resolve(Integer.toString(repositories));
    Server server = session.own(new Entrepot(own, UNREAD));
    ScaleData data = new ScaleData(((Entrepot) server).data());
    server.start();
    fill(data, repositories, result);
    measure(server, data, repositories, size, result);
    if (kept.isPresent()) {
      server.stop();
    } else {
      session.release(server);
    }
  }

  private static void fill(ScaleData data, int last, RowResult result) throws Exception {
    long begin = System.nanoTime();
    int added = data.fill(last);
    result.note(
        "%,d repositories, %,d tags, %,d references: %.1f GB in the database, %,d filled in %.0f s"
            .formatted(
                last,
                (long) last * ScaleData.TAGS,
                (long) last * ScaleData.TAGS * ScaleData.REFERENCES,
                data.bytes() / 1e9,
                added,
                (System.nanoTime() - begin) / 1e9));
  }

  private static void measure(
      Server server, ScaleData data, int repositories, String size, RowResult result)
      throws Exception {
    Requests requests = new Requests(server, repositories);
    CleanUpBatches cleanUp = new CleanUpBatches(server, data, repositories);
    server.stop();
    boolean cold = dropCaches();
    if (!cold) {
      result.note("not root: the cold figures are those of a restart");
    }
    server.start();
    requests.run("cold", size, result);
    cleanUp.run("cold", size, result);
    for (int run = 0; run < 3; run++) {
      server.stop();
      result.add("start, " + size, Metric.SECONDS, server.start());
    }
    Thread.sleep(SETTLE_MILLIS);
    result.add("start, " + size, Metric.RESIDENT_MIB, ProcessTree.residentMib(server.main()));
    result.add("start, " + size, Metric.POSTGRES_MIB, server.tree().proportionalMib("postgres"));
    requests.run("warm", size, result);
    requests.run("again", size, result);
    cleanUp.run("warm", size, result);
    result.add("start, " + size, Metric.PEAK_MIB, server.peakMib());
  }

  /** Everything the kernel has of files; false when that is not allowed. */
  private static boolean dropCaches() throws IOException, InterruptedException {
    if (!Files.isWritable(DROP_CACHES)) {
      return false;
    }
    new ProcessBuilder("sync").start().waitFor();
    Files.writeString(DROP_CACHES, "3");
    return true;
  }

  /** The same requests each time they are run, but for what is pushed. */
  private static final class Requests {
    private final Server server;
    private final List<String> pulls;
    private final List<String> tagLists;
    private final List<String> catalogs;
    private final List<String> targets;

    Requests(Server server, int repositories) {
      this.server = server;
      Random random = new Random(repositories);
      IntFunction<String> image =
          n ->
              "/v2/%s/manifests/%s"
                  .formatted(
                      ScaleData.repository(1 + n / ScaleData.TAGS),
                      ScaleData.tag(n % ScaleData.TAGS));
      this.pulls = some(random, PULLS, repositories * ScaleData.TAGS, image);
      IntFunction<String> name = n -> ScaleData.repository(1 + n);
      this.targets = some(random, PUSHES, repositories, name);
      this.tagLists =
          some(random, LISTS, repositories, n -> "/v2/" + name.apply(n) + "/tags/list?n=50");
      // After a name of the first half: a page near the end would be a short one.
      int teams = Math.min(repositories, ScaleData.TEAMS);
      this.catalogs =
          random
              .ints(1, repositories)
              .filter(n -> n % ScaleData.TEAMS < teams / 2)
              .distinct()
              .limit(Math.min(LISTS, repositories / 4))
              .mapToObj(n -> "/v2/_catalog?n=50&last=" + ScaleData.repository(n))
              .toList();
    }

    /** Different ones as far as there are: what a request before has fetched would be in memory. */
    private static List<String> some(
        Random random, int count, int of, IntFunction<String> request) {
      return random.ints(0, of).distinct().limit(Math.min(count, of)).mapToObj(request).toList();
    }

    void run(String state, String size, RowResult result) throws IOException {
      try (HttpConnection connection = new HttpConnection(server.port())) {
        for (int n = 0; n < 200; n++) { // the code, not the data
          connection.get("/v2/").expect(200);
        }
        add(result, "pull " + state + ", " + size, get(connection, pulls));
        add(result, "list tags " + state + ", " + size, get(connection, tagLists));
        add(result, "list repositories " + state + ", " + size, get(connection, catalogs));
        add(result, "push " + state + ", " + size, push(connection));
      }
    }

    private static void add(RowResult result, String subject, double[] millis) {
      result.add(subject, Metric.P50_MS, Stats.percentile(millis, 50));
      result.add(subject, Metric.P99_MS, Stats.percentile(millis, 99));
    }

    private static double[] get(HttpConnection connection, List<String> paths) throws IOException {
      double[] millis = new double[paths.size()];
      for (int n = 0; n < millis.length; n++) {
        long begin = System.nanoTime();
        connection.get(paths.get(n)).expect(200);
        millis[n] = (System.nanoTime() - begin) / 1e6;
      }
      return millis;
    }

    /** A new image of a small layer: five requests. */
    private double[] push(HttpConnection connection) throws IOException {
      Content.Renewable layer = new Content.Renewable(LAYER);
      double[] millis = new double[targets.size()];
      for (int n = 0; n < millis.length; n++) {
        Pusher pusher = new Pusher(connection, targets.get(n));
        long begin = System.nanoTime();
        String layerDigest = layer.renew();
        pusher.blob(layer.bytes(), layerDigest);
        byte[] config = Content.config(layerDigest, 500);
        String configDigest = pusher.blob(config);
        pusher.manifest(
            "pushed", Content.manifest(configDigest, config.length, layerDigest, LAYER));
        millis[n] = (System.nanoTime() - begin) / 1e6;
      }
      return millis;
    }
  }
}
