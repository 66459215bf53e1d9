package dev.entrepot.bench;

import java.util.Arrays;
import java.util.Collection;

/** Median and percentiles of a handful or of many figures. */
final class Stats {
  private Stats() {}

  static double median(Collection<Double> values) {
    return percentile(values.stream().mapToDouble(Double::doubleValue).toArray(), 50);
  }

  /** The value that {@code percent} of the values do not exceed; NaN without values. */
  static double percentile(double[] values, double percent) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }
}
