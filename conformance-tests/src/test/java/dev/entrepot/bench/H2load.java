package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs {@code h2load} for HTTP/2 over TLS; its log of requests gives the percentiles. */
final class H2load {
  private static final Pattern REQUESTS =
      Pattern.compile("requests: .* (\\d+) succeeded, (\\d+) failed, (\\d+) errored");
  private static final Pattern TRAFFIC = Pattern.compile("traffic: .*\\((\\d+)\\) data");

  private final Path program = Tools.require("h2load");
  private final Path log;

  H2load(Path directory) {
    log = directory.resolve("h2load.log");
  }

  Wrk.Result run(String url, int connections, int streams, int seconds) throws IOException {
    String output =
        Command.run(
            List.of(
                program.toString(),
                "-c",
                Integer.toString(connections),
                "-m",
                Integer.toString(streams),
                "-t",
                "2",
                "-D",
                Integer.toString(seconds),
                "-w",
                "22",
                "-W",
                "24",
                "--log-file=" + log,
                "--header=Accept: " + Content.MANIFEST_TYPE,
                url));
    try {
      Matcher requests = match(REQUESTS, output);
      if (Long.parseLong(requests.group(2)) + Long.parseLong(requests.group(3)) > 0) {
        throw new IllegalStateException("h2load met errors at " + url + ": " + output);
      }
      double[] micros = micros();
      return new Wrk.Result(
          Double.parseDouble(requests.group(1)),
          Double.parseDouble(match(TRAFFIC, output).group(1)),
          seconds * 1e6,
          Stats.percentile(micros, 50),
          Stats.percentile(micros, 99));
    } finally {
      Files.deleteIfExists(log);
    }
  }

  /** Each line: start, status, duration in microseconds. */
  private double[] micros() throws IOException {
    try (var lines = Files.lines(log)) {
      return lines
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf('\t') + 1)))
          .toArray();
    }
  }

  private static Matcher match(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException("h2load printed something unexpected: " + output);
    }
    return matcher;
  }
}
