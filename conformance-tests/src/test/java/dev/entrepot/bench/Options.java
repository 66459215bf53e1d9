package dev.entrepot.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param rows identifiers of the rows to measure; empty means all
 * @param servers names of the servers to measure; empty means all
 * @param runs interleaved runs per row, of which the median counts
 * @param quick shorter runs and smaller rows: an impression in five minutes, not a result
 * @param repositories how far the row of scale fills the database
 * @param data where the row of scale keeps its servers' data, and finds them again; empty to keep
 *     none
 * @param output the markdown file; the machine-readable one is named alike and ends in {@code
 *     .json}
 */
record Options(
    List<String> rows,
    List<String> servers,
    int runs,
    boolean quick,
    int repositories,
    Optional<Path> data,
    Path output) {

  static final String USAGE =
      """
      Usage: ./entrepot bench [--rows a,b] [--servers a,b] [--runs N] [--quick]
                               [--repositories N] [--data DIR] [--output FILE]

        --rows     rows to measure, of: %s (default: all)
        --servers  servers to measure, of: entrepot, distribution, nginx (default: all)
        --runs     interleaved runs per row, the median counts (default: 5, with --quick 3)
        --quick    short runs, small rows, no 10 GB layer: five minutes instead of twenty-five
        --repositories
                   repositories of 100 tags in the row scale: 10,000 take four minutes and 4 GB
                   (default: 20000, with --quick 1000)
        --data     directory in which the row scale keeps what it has filled, and goes on with it
                   the next time (default: filled anew each time, and removed)
        --output   markdown file to write; the same name with .json holds the figures for machines
                   (default: conformance-tests/target/bench/<time>.md)
      """;

  static Options parse(String[] args, String time) {
    List<String> rows = List.of();
    List<String> servers = List.of();
    int runs = 0;
    boolean quick = false;
    int repositories = 0;
    Optional<Path> data = Optional.empty();
    Path output = Entrepot.home().resolve("conformance-tests/target/bench/" + time + ".md");
    List<String> rest = new ArrayList<>(List.of(args));
    while (!rest.isEmpty()) {
      String option = rest.removeFirst();
      switch (option) {
        case "--rows" -> rows = List.of(value(option, rest).split(","));
        case "--servers" -> servers = List.of(value(option, rest).split(","));
        case "--runs" -> runs = positive(option, value(option, rest));
        case "--quick" -> quick = true;
        case "--repositories" -> repositories = positive(option, value(option, rest));
        case "--data" -> data = Optional.of(Path.of(value(option, rest)).toAbsolutePath());
        case "--output" -> output = Path.of(value(option, rest));
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    return new Options(
        rows,
        servers,
        runs > 0 ? runs : quick ? 3 : 5,
        quick,
        repositories > 0 ? repositories : quick ? 1_000 : 20_000,
        data,
        output);
  }

  boolean wantsRow(String id) {
    return rows.isEmpty() || rows.contains(id);
  }

  boolean wantsServer(String name) {
    return servers.isEmpty() || servers.contains(name);
  }

  /** The figure for a full run, or the smaller one for a quick run. */
  int scaled(int full, int whenQuick) {
    return quick ? whenQuick : full;
  }

  private static String value(String option, List<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.removeFirst();
  }

  private static int positive(String option, String text) {
    try {
      int value = Integer.parseInt(text);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // reported below, like zero and negative numbers
    }
    throw new IllegalArgumentException(option + " needs a positive number, not " + text);
  }
}
