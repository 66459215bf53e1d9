package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs {@code wrk} and reads its figures through its reporting hook, not from its prose. */
final class Wrk {
  private static final String REPORT =
      """
      function done(summary, latency, requests)
        local errors = summary.errors
        io.write(string.format(
          "\\n@requests=%d\\n@bytes=%d\\n@micros=%d\\n@p50=%d\\n@p99=%d\\n@errors=%d\\n",
          summary.requests, summary.bytes, summary.duration,
          latency:percentile(50), latency:percentile(99),
          errors.connect + errors.read + errors.write + errors.status + errors.timeout))
      end
      """;

  /** What one run gave; times in microseconds. */
  record Result(double requests, double bytes, double micros, double p50, double p99) {
    double requestsPerSecond() {
      return requests / micros * 1e6;
    }

    double gigabytesPerSecond() {
      return bytes / micros / 1e3;
    }
  }

  private final Path program = Tools.require("wrk");
  private final Path script;

  Wrk(Path directory) throws IOException {
    this(directory, "report", "");
  }

  /**
   * Prepares runs.
   *
   * @param requests Lua that makes the requests, or empty for one URL
   */
  Wrk(Path directory, String name, String requests) throws IOException {
    script = directory.resolve(name + ".lua");
    Files.writeString(script, requests + REPORT);
  }

  /** Gets the URL again and again; the headers are whole lines. */
  Result run(String url, int connections, int seconds, String... headers) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("-t", Integer.toString(Math.min(2, connections))));
    command.addAll(List.of("-c", Integer.toString(connections), "-d", seconds + "s"));
    command.addAll(List.of("--timeout", "60s", "--latency", "-s", script.toString()));
    // distribution answers 404 to a manifest request that does not accept its media type
    command.addAll(List.of("-H", "Accept: " + Content.MANIFEST_TYPE + ", */*"));
    for (String header : headers) {
      command.addAll(List.of("-H", header));
    }
    command.add(url);
    String output = Command.run(command);
    Map<String, Double> figures = new HashMap<>();
    output
        .lines()
        .filter(line -> line.startsWith("@"))
        .map(line -> line.substring(1).split("="))
        .forEach(pair -> figures.put(pair[0], Double.valueOf(pair[1])));
    // A slow run may end before any large body is whole: its bytes count all the same.
    if (figures.getOrDefault("errors", 1.0) > 0 || figures.get("bytes") == 0) {
      throw new IllegalStateException("wrk met errors at " + url + ": " + output);
    }
    boolean timed = figures.get("requests") > 0;
    return new Result(
        figures.get("requests"),
        figures.get("bytes"),
        figures.get("micros"),
        timed ? figures.get("p50") : Double.NaN,
        timed ? figures.get("p99") : Double.NaN);
  }
}
