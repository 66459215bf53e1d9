package dev.entrepot.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Many connections fetch one thing again and again, from each server in turn. */
final class ReadRow implements Row {
  private static final int MILLIS = 1000;

  private final String id;
  private final String title;
  private final int connections;
  private final Function<Fixture, String> path;
  private final Consumer<RowResult> targets;

  private ReadRow(
      String id,
      String title,
      int connections,
      Function<Fixture, String> path,
      Consumer<RowResult> targets) {
    this.id = id;
    this.title = title;
    this.connections = connections;
    this.path = path;
    this.targets = targets;
  }

  static ReadRow manifest() {
    return new ReadRow(
        "manifest",
        "GET manifest by tag, 32 connections",
        32,
        Fixture::manifestPath,
        result -> {
          result.target(
              Target.ratioAtLeast(
                  "requests/s beside distribution",
                  10,
                  result.ratio("entrepot", "distribution", Metric.REQUESTS_PER_SECOND)));
          result.target(
              Target.ratioAtMost(
                  "p99 beside distribution",
                  0.25,
                  result.ratio("entrepot", "distribution", Metric.P99_MS)));
          result.target(
              Target.ratioAtLeast(
                  "requests/s beside nginx",
                  1.0,
                  result.ratio("entrepot", "nginx", Metric.REQUESTS_PER_SECOND)));
        });
  }

  static ReadRow smallBlob() {
    return new ReadRow(
        "small-blob",
        "GET 300-byte blob, 32 connections",
        32,
        Fixture::smallPath,
        result -> {
          result.target(
              Target.ratioAtLeast(
                  "requests/s beside distribution",
                  30,
                  result.ratio("entrepot", "distribution", Metric.REQUESTS_PER_SECOND)));
          result.target(
              Target.ratioAtLeast(
                  "requests/s beside nginx",
                  0.9,
                  result.ratio("entrepot", "nginx", Metric.REQUESTS_PER_SECOND)));
        });
  }

  static ReadRow largeBlob() {
    return new ReadRow(
        "large-blob",
        "GET 70 MB blob, 8 connections",
        8,
        Fixture::largePath,
        result -> {
          result.target(
              Target.ratioAtLeast(
                  "bytes/s beside distribution",
                  1.1,
                  result.ratio("entrepot", "distribution", Metric.GB_PER_SECOND)));
          result.target(
              Target.ratioAtMost(
                  "CPU per GB beside distribution",
                  0.8,
                  result.ratio("entrepot", "distribution", Metric.CPU_PER_GB)));
          result.target(
              Target.ratioAtLeast(
                  "bytes/s beside nginx",
                  1.1,
                  result.ratio("entrepot", "nginx", Metric.GB_PER_SECOND)));
        });
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    Wrk wrk = new Wrk(session.directory());
    Options options = session.options();
    List<Server> servers = session.servers(result, "entrepot", "distribution", "nginx");
    String target = path.apply(session.fixture());
    for (Server server : servers) {
      wrk.run(server.url() + target, connections, options.scaled(10, 4));
    }
    for (int run = 0; run < options.runs(); run++) {
      for (Server server : servers) {
        double before = server.tree().cpuSeconds();
        Wrk.Result figures = wrk.run(server.url() + target, connections, options.scaled(6, 3));
        double cpu = server.tree().cpuSeconds() - before;
        result.add(server.name(), sample(figures, cpu));
      }
    }
    for (Server server : servers) {
      result.add(server.name(), Metric.PEAK_MIB, server.peakMib());
    }
    targets.accept(result);
  }

  private Map<Metric, Double> sample(Wrk.Result figures, double cpu) {
    Map<Metric, Double> sample = new EnumMap<>(Metric.class);
    if (id.equals("large-blob")) {
      sample.put(Metric.GB_PER_SECOND, figures.gigabytesPerSecond());
      sample.put(Metric.CPU_PER_GB, cpu / (figures.bytes() / 1e9));
    } else {
      sample.put(Metric.REQUESTS_PER_SECOND, figures.requestsPerSecond());
      sample.put(Metric.CPU_MICROS, cpu * 1e6 / figures.requests());
    }
    sample.put(Metric.P50_MS, figures.p50() / MILLIS);
    sample.put(Metric.P99_MS, figures.p99() / MILLIS);
    return sample;
  }
}
