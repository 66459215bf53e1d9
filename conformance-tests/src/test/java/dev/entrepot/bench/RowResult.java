package dev.entrepot.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of one row: for each subject and metric one value per run. */
final class RowResult {
  private final String id;
  private final String title;
  private final Map<String, Map<Metric, List<Double>>> figures = new LinkedHashMap<>();
  private final List<Target> targets = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  RowResult(String id, String title) {
    this.id = id;
    this.title = title;
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  Map<String, Map<Metric, List<Double>>> figures() {
    return figures;
  }

  List<Target> targets() {
    return targets;
  }

  List<String> notes() {
    return notes;
  }

  /** Adds one run's figures of a server, or of a server in one way of use. */
  void add(String subject, Map<Metric, Double> sample) {
    sample.forEach((metric, value) -> add(subject, metric, value));
  }

  void add(String subject, Metric metric, double value) {
    figures
        .computeIfAbsent(subject, key -> new EnumMap<>(Metric.class))
        .computeIfAbsent(metric, key -> new ArrayList<>())
        .add(value);
  }

  /** Median over the runs; NaN when not measured. */
  double median(String subject, Metric metric) {
    List<Double> values = figures.getOrDefault(subject, Map.of()).getOrDefault(metric, List.of());
    return Stats.median(values);
  }

  double ratio(String subject, String reference, Metric metric) {
    return median(subject, metric) / median(reference, metric);
  }

  void target(Target target) {
    targets.add(target);
  }

  void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }
}
