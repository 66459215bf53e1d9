package dev.entrepot.bench;

import java.util.List;

/** Four clients push new images of one layer as fast as they can. */
final class PushRow implements Row {
  private static final int CLIENTS = 4;

  @Override
  public String id() {
    return "push";
  }

  @Override
  public String title() {
    return "Push of a new 1 MB image (5 requests), 4 clients";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    Options options = session.options();
    List<Server> servers = session.servers(result, "entrepot", "distribution");
    for (Server server : servers) {
      PushLoad.run(server, CLIENTS, options.scaled(10, 4), 0);
    }
    for (int run = 0; run < options.runs(); run++) {
      for (Server server : servers) {
        double before = server.tree().cpuSeconds();
        PushLoad.Result pushes = PushLoad.run(server, CLIENTS, options.scaled(6, 3), 0);
        double cpu = server.tree().cpuSeconds() - before;
        result.add(server.name(), Metric.IMAGES_PER_SECOND, pushes.imagesPerSecond());
        result.add(server.name(), Metric.P50_MS, Stats.percentile(pushes.millis(), 50));
        result.add(server.name(), Metric.P99_MS, Stats.percentile(pushes.millis(), 99));
        result.add(server.name(), Metric.CPU_MICROS, cpu * 1e6 / pushes.millis().length);
      }
    }
    for (Server server : servers) {
      result.add(server.name(), Metric.PEAK_MIB, server.peakMib());
    }
    result.target(
        Target.ratioAtLeast(
            "images/s beside distribution",
            1.5,
            result.ratio("entrepot", "distribution", Metric.IMAGES_PER_SECOND)));
  }
}
