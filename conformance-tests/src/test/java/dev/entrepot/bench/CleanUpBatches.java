package dev.entrepot.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a batch of clean-up costs. The server is sent to some places of its round, one after the
 * other, and says itself how long its batches there took.
 */
final class CleanUpBatches {
  private static final int PLACES = 5;
  private static final int BATCHES_EACH = 4;
  private static final Duration NO_MORE = Duration.ofSeconds(10);

  /** The parts of clean-up that go through all there is. */
  enum Step {
    MANIFESTS("manifests"),
    BLOBS_OF_REPOSITORIES("blobs-of-repositories"),
    BYTES("bytes");

    private final String label;

    Step(String label) {
      this.label = label;
    }

    String subject() {
      return "clean-up of " + label;
    }

    /** A place in the first half, so that a round has batches left there at any size. */
    private String progress(int place, int repositories) {
      int thousandth = place * 500 / PLACES;
      return label
          + " "
          + (this == BYTES
              ? ScaleData.digest(thousandth)
              : (long) repositories * thousandth / 1000 + ":");
    }
  }

  private record Batches(double count, double seconds) {}

  private final Server server;
  private final ScaleData data;
  private final int repositories;

  CleanUpBatches(Server server, ScaleData data, int repositories) {
    this.server = server;
    this.data = data;
    this.repositories = repositories;
  }

  /** Measures each step at all places. */
  void run(String state, String size, RowResult result) throws Exception {
    try (HttpConnection connection = new HttpConnection(server.port())) {
      for (Step step : Step.values()) {
        double count = 0;
        double seconds = 0;
        for (int place = 0; place < PLACES; place++) {
          Batches before = batches(connection, step);
          data.cleanUpFrom(step.progress(place, repositories));
          Batches after = await(connection, step, before.count() + BATCHES_EACH);
          count += after.count() - before.count();
          seconds += after.seconds() - before.seconds();
        }
        result.add(
            step.subject() + " " + state + ", " + size, Metric.MEAN_MS, seconds * 1000 / count);
      }
    }
  }

  /** Waits for that many, or for no more to come: where little was filled, the step may end. */
  private static Batches await(HttpConnection connection, Step step, double count)
      throws IOException, InterruptedException {
    Batches now = batches(connection, step);
    long last = System.nanoTime();
    while (now.count() < count && System.nanoTime() - last < NO_MORE.toNanos()) {
      Thread.sleep(20);
      Batches next = batches(connection, step);
      if (next.count() > now.count()) {
        last = System.nanoTime();
      }
      now = next;
    }
    return now;
  }

  private static Batches batches(HttpConnection connection, Step step) throws IOException {
    String metrics =
        new String(connection.get("/q/metrics").expect(200).body(), StandardCharsets.UTF_8);
    return new Batches(value(metrics, "count", step), value(metrics, "sum", step));
  }

  private static double value(String metrics, String of, Step step) {
    Matcher line =
        Pattern.compile(
                String.format(
                    Locale.ROOT,
                    "^entrepot_gc_step_seconds_%s\\{step=\"%s\"\\} (\\S+)$",
                    of,
                    step.label),
                Pattern.MULTILINE)
            .matcher(metrics);
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }
}
