package dev.entrepot.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What it costs to know who asks: the same manifest from a server without accounts, and from one
 * with accounts by nobody, by a bearer token and by Basic with a personal access token.
 */
final class AuthRow implements Row {
  private static final int CONNECTIONS = 32;
  private static final String WITHOUT = "without accounts";
  private static final String BEARER = "Bearer";
  private static final String BASIC = "Basic, personal token";

  /**
   * A way to ask.
   *
   * @param headers of each request, whole lines
   */
  private record Way(String name, Server server, String... headers) {}

  @Override
  public String id() {
    return "auth";
  }

  @Override
  public String title() {
    return "GET manifest by tag with and without credentials, 32 connections";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    Server without = session.own(new Entrepot(session.directory().resolve("auth-off")));
    EntrepotWithAccounts with =
        session.own(new EntrepotWithAccounts(session.directory().resolve("auth-on")));
    for (Server server : List.of(without, with)) {
      server.start();
      session.fixture().pushTo(server);
    }
    with.makePublic(Fixture.REPOSITORY);
    String personal = with.newPersonalToken();
    Wrk wrk = new Wrk(session.directory());
    String path = session.fixture().manifestPath();
    Options options = session.options();
    for (Way way : ways(without, with, personal)) {
      wrk.run(way.server().url() + path, CONNECTIONS, options.scaled(10, 4), way.headers());
    }
    for (int run = 0; run < options.runs(); run++) {
      // With a new bearer token each time, since a full run takes longer than one is good for.
      for (Way way : ways(without, with, personal)) {
        double before = way.server().tree().cpuSeconds();
        Wrk.Result figures =
            wrk.run(way.server().url() + path, CONNECTIONS, options.scaled(6, 3), way.headers());
        double cpu = way.server().tree().cpuSeconds() - before;
        result.add(way.name(), sample(figures, cpu));
      }
    }
    result.target(target("Bearer beside no accounts", 0.9, result, BEARER));
    result.target(target("personal token beside no accounts", 0.8, result, BASIC));
    session.release(without);
    session.release(with);
  }

  private static List<Way> ways(Server without, EntrepotWithAccounts with, String personal)
      throws Exception {
    String bearer = with.newBearer(Fixture.REPOSITORY);
    return List.of(
        new Way(WITHOUT, without),
        new Way("nobody, public repository", with),
        new Way(BEARER, with, "Authorization: " + bearer),
        new Way(BASIC, with, "Authorization: " + personal));
  }

  private static Target target(String what, double bound, RowResult result, String way) {
    return Target.ratioAtLeast(what, bound, result.ratio(way, WITHOUT, Metric.REQUESTS_PER_SECOND));
  }

  private static Map<Metric, Double> sample(Wrk.Result figures, double cpu) {
    Map<Metric, Double> sample = new EnumMap<>(Metric.class);
    sample.put(Metric.REQUESTS_PER_SECOND, figures.requestsPerSecond());
    sample.put(Metric.CPU_MICROS, cpu * 1e6 / figures.requests());
    sample.put(Metric.P50_MS, figures.p50() / 1000);
    sample.put(Metric.P99_MS, figures.p99() / 1000);
    return sample;
  }
}
