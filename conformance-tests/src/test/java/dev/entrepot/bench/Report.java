package dev.entrepot.bench;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The report: markdown for people, JSON for programs. */
record Report(Options options, List<String> machine, Duration took, List<RowResult> rows) {

  String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("# Benchmark of " + LocalDate.now(ZoneId.systemDefault()));
    lines.add("");
    lines.add(
        "Median of %d interleaved runs, in brackets the least and the most; warm unless a row says otherwise."
            .formatted(options.runs()));
    if (options.quick()) {
      lines.add("A quick run: an impression, not a result.");
    }
    lines.add("It took %d min %d s.".formatted(took.toMinutes(), took.toSecondsPart()));
    lines.add("");
    machine.forEach(line -> lines.add("- " + line));
    lines.add("");
    lines.add("## Targets");
    lines.add("");
    lines.addAll(targets());
    lines.add("");
    lines.add("## Measurements");
    rows.forEach(row -> lines.addAll(section(row)));
    return String.join("\n", lines) + "\n";
  }

  private List<String> targets() {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("row", "figure", "target", "measured", "verdict"));
    for (RowResult row : rows) {
      for (Target target : row.targets()) {
        cells.add(
            List.of(row.title(), target.what(), target.goal(), target.result(), target.verdict()));
      }
      if (row.targets().isEmpty()) {
        boolean measured = !row.figures().isEmpty();
        cells.add(List.of(row.title(), "", "", "", measured ? "reported" : "not measured"));
      }
    }
    return table(cells);
  }

  /** One row's figures as markdown. */
  static List<String> section(RowResult row) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("### " + row.title() + " (`" + row.id() + "`)");
    if (!row.figures().isEmpty()) {
      lines.add("");
      lines.addAll(figures(row));
    }
    if (!row.targets().isEmpty()) {
      lines.add("");
    }
    for (Target target : row.targets()) {
      lines.add(
          "- %s: %s (target %s): %s"
              .formatted(target.what(), target.result(), target.goal(), target.verdict()));
    }
    if (!row.notes().isEmpty()) {
      lines.add("");
    }
    row.notes().forEach(note -> lines.add("- " + note));
    return lines;
  }

  private static List<String> figures(RowResult row) {
    Set<Metric> metrics = EnumSet.noneOf(Metric.class);
    row.figures().values().forEach(bySubject -> metrics.addAll(bySubject.keySet()));
    List<List<String>> cells = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of(""));
    metrics.forEach(metric -> header.add(metric.label()));
    cells.add(header);
    row.figures()
        .forEach(
            (subject, figures) -> {
              List<String> line = new ArrayList<>(List.of(subject));
              for (Metric metric : metrics) {
                line.add(cell(metric, figures.getOrDefault(metric, List.of())));
              }
              cells.add(line);
            });
    return table(cells);
  }

  private static String cell(Metric metric, List<Double> values) {
    if (values.isEmpty()) {
      return "";
    }
    String median = metric.format(Stats.median(values));
    return values.size() == 1
        ? median
        : "%s (%s–%s)"
            .formatted(
                median,
                metric.format(Collections.min(values)),
                metric.format(Collections.max(values)));
  }

  /** A markdown table whose columns are aligned, so that it also reads well in a terminal. */
  private static List<String> table(List<List<String>> cells) {
    int columns = cells.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : cells) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> line : cells) {
      StringBuilder text = new StringBuilder("|");
      for (int column = 0; column < columns; column++) {
        String cell = line.get(column);
        text.append(' ').append(cell).repeat(" ", widths[column] - cell.length()).append(" |");
      }
      lines.add(text.toString());
      if (lines.size() == 1) {
        StringBuilder rule = new StringBuilder("|");
        for (int width : widths) {
          rule.repeat("-", width + 2).append('|');
        }
        lines.add(rule.toString());
      }
    }
    return lines;
  }

  String json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("date", LocalDate.now(ZoneId.systemDefault()).toString());
    root.put("runs", options.runs());
    root.put("quick", options.quick());
    root.put("seconds", took.toSeconds());
    root.put("machine", machine);
    root.put("rows", rows.stream().map(Report::json).toList());
    return Json.write(root) + "\n";
  }

  private static Map<String, Object> json(RowResult row) {
    Map<String, Object> figures = new LinkedHashMap<>();
    row.figures()
        .forEach(
            (subject, bySubject) -> {
              Map<String, Object> metrics = new LinkedHashMap<>();
              bySubject.forEach(
                  (metric, values) ->
                      metrics.put(
                          metric.key(),
                          Map.of("median", Stats.median(values), "runs", List.copyOf(values))));
              figures.put(subject, metrics);
            });
    List<Map<String, Object>> targets = new ArrayList<>();
    for (Target target : row.targets()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("what", target.what());
      entry.put("bound", target.bound());
      entry.put("at_least", target.atLeast());
      entry.put("measured", target.measured());
      entry.put("verdict", target.verdict());
      targets.add(entry);
    }
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", row.id());
    entry.put("title", row.title());
    entry.put("figures", figures);
    entry.put("targets", targets);
    entry.put("notes", row.notes());
    return entry;
  }
}
