package dev.entrepot.bench;

import java.util.Locale;

/** What is measured, its unit, and how many decimals of it mean something. */
enum Metric {
  REQUESTS_PER_SECOND("requests/s", 0),
  IMAGES_PER_SECOND("images/s", 1),
  GB_PER_SECOND("GB/s", 2),
  SECONDS("s", 3),
  PUSH_SECONDS("push s", 1),
  PULL_SECONDS("pull s", 1),
  P50_MS("p50 ms", 2),
  P99_MS("p99 ms", 2),
  MEAN_MS("mean ms", 2),
  CPU_PER_GB("CPU s/GB", 3),
  CPU_MICROS("CPU µs each", 0),
  RESIDENT_MIB("resident MiB", 0),
  PEAK_MIB("peak MiB", 0),
  POSTGRES_MIB("PostgreSQL MiB", 0);

  private final String label;
  private final int decimals;

  Metric(String label, int decimals) {
    this.label = label;
    this.decimals = decimals;
  }

  String label() {
    return label;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String format(double value) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
