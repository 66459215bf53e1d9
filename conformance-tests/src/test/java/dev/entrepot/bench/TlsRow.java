package dev.entrepot.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The same reads over TLS, HTTP/1.1 and 2, beside nginx: reported, without a target. */
final class TlsRow implements Row {
  private static final int WARM_UP_SECONDS = 5;

  private final List<Endpoint> endpoints = new ArrayList<>();

  private record Endpoint(Server server, String url) {}

  /** One way to read. */
  private interface Reading {
    Wrk.Result run(String url, int seconds) throws Exception;
  }

  @Override
  public String id() {
    return "tls";
  }

  @Override
  public String title() {
    return "TLS, HTTP/1.1 (wrk) and HTTP/2 (h2load)";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    Wrk wrk = new Wrk(session.directory());
    if (session.options().wantsServer("entrepot")) {
      Server server = entrepot(session);
      endpoints.add(new Endpoint(server, "https://127.0.0.1:" + server.port()));
    }
    for (Server server : session.servers(result, "nginx")) {
      endpoints.add(new Endpoint(server, "https://127.0.0.1:" + ((Nginx) server).tlsPort()));
    }
    Fixture fixture = session.fixture();
    Options options = session.options();
    measure(
        options,
        result,
        "manifest, HTTP/1.1, 32 connections",
        fixture.manifestPath(),
        (url, seconds) -> wrk.run(url, 32, seconds));
    measure(
        options,
        result,
        "70 MB blob, HTTP/1.1, 8 connections",
        fixture.largePath(),
        (url, seconds) -> wrk.run(url, 8, seconds));
    if (Tools.find("h2load").isEmpty()) {
      result.note("without HTTP/2: h2load is absent (Debian's nghttp2-client has it)");
      return;
    }
    H2load h2load = new H2load(session.directory());
    measure(
        options,
        result,
        "manifest, HTTP/2, 4 connections of 8 streams",
        fixture.manifestPath(),
        (url, seconds) -> h2load.run(url, 4, 8, seconds));
    measure(
        options,
        result,
        "70 MB blob, HTTP/2, 2 connections of 4 streams",
        fixture.largePath(),
        (url, seconds) -> h2load.run(url, 2, 4, seconds));
    endpoints.stream()
        .map(Endpoint::server)
        .filter(Entrepot.class::isInstance)
        .forEach(session::release);
  }

  private void measure(Options options, RowResult result, String what, String path, Reading reading)
      throws Exception {
    for (Endpoint endpoint : endpoints) {
      reading.run(endpoint.url() + path, options.scaled(WARM_UP_SECONDS, 2));
    }
    for (int run = 0; run < options.scaled(Math.min(3, options.runs()), 1); run++) {
      for (Endpoint endpoint : endpoints) {
        double before = endpoint.server().tree().cpuSeconds();
        Wrk.Result figures = reading.run(endpoint.url() + path, options.scaled(4, 2));
        double cpu = endpoint.server().tree().cpuSeconds() - before;
        String subject = endpoint.server().name() + " " + what;
        if (path.contains("/blobs/")) {
          result.add(subject, Metric.GB_PER_SECOND, figures.gigabytesPerSecond());
          result.add(subject, Metric.CPU_PER_GB, cpu / (figures.bytes() / 1e9));
        } else {
          result.add(subject, Metric.REQUESTS_PER_SECOND, figures.requestsPerSecond());
          result.add(subject, Metric.CPU_MICROS, cpu * 1e6 / figures.requests());
        }
        result.add(subject, Metric.P50_MS, figures.p50() / 1000);
        result.add(subject, Metric.P99_MS, figures.p99() / 1000);
      }
    }
    if (endpoints.size() == 2) {
      Metric metric = path.contains("/blobs/") ? Metric.GB_PER_SECOND : Metric.REQUESTS_PER_SECOND;
      result.note(
          "%s: %.2f× nginx"
              .formatted(what, result.ratio("entrepot " + what, "nginx " + what, metric)));
    }
  }

  /** The fixture goes in over clear text, then the server is restarted with the certificate. */
  private static Server entrepot(Session session) throws Exception {
    Server plain = session.own(new Entrepot(session.directory().resolve("tls-entrepot")));
    plain.start();
    session.fixture().pushTo(plain);
    plain.stop();
    Server server =
        session.own(
            new Entrepot(
                plain.directory(),
                Map.of(
                    "ENTREPOT_HTTP_TLS_CERTIFICATE",
                    session.certificate().chain().toString(),
                    "ENTREPOT_HTTP_TLS_KEY",
                    session.certificate().key().toString())) {
              @Override
              boolean answers() {
                String answer =
                    Command.firstLine(
                        Tools.require("curl").toString(), "-ksi", url() + readyPath());
                return answer.contains(" 200");
              }

              @Override
              String url() {
                return "https://127.0.0.1:" + port();
              }
            });
    server.start();
    return server;
  }
}
