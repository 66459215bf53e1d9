package dev.entrepot.bench;

/** How soon a restarted server answers, and what it holds while nobody asks it anything. */
final class StartRow implements Row {
  private static final int SETTLE_MILLIS = 10_000;
  private static final int IDLE_RUNS = 3;

  @Override
  public String id() {
    return "start";
  }

  @Override
  public String title() {
    return "Start with existing data to the first answer of /v2/, then idle";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    if (!session.options().wantsServer("entrepot")) {
      throw new Skipped("a row of entrepot alone");
    }
    Server server = session.own(new Entrepot(session.directory().resolve("start")));
    server.start();
    session.fixture().pushTo(server);
    server.stop();
    int idleRuns = session.options().scaled(IDLE_RUNS, 1);
    for (int run = 0; run < session.options().runs(); run++) {
      result.add("entrepot", Metric.SECONDS, server.start());
      if (run < idleRuns) {
        Thread.sleep(SETTLE_MILLIS);
        result.add("entrepot", Metric.RESIDENT_MIB, ProcessTree.residentMib(server.main()));
        result.add("entrepot", Metric.POSTGRES_MIB, server.tree().proportionalMib("postgres"));
      }
      server.stop();
    }
    session.release(server);
    result.target(
        Target.atMost(
            "time to the first answer", 1.6, result.median("entrepot", Metric.SECONDS), "s"));
    result.target(
        Target.atMost(
            "idle resident memory of the JVM",
            220,
            result.median("entrepot", Metric.RESIDENT_MIB),
            "MiB"));
  }
}
