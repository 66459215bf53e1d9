package dev.entrepot.bench;

import java.util.Locale;

/**
 * A figure that the project wants to reach, and the one measured.
 *
 * @param what the figure in words
 * @param bound the least or the most it may be
 * @param atLeast whether the bound is a least
 * @param measured the figure; NaN when one side could not be measured
 * @param unit {@code "×"} for ratios
 */
record Target(String what, double bound, boolean atLeast, double measured, String unit) {

  static Target ratioAtLeast(String what, double bound, double measured) {
    return new Target(what, bound, true, measured, "×");
  }

  static Target ratioAtMost(String what, double bound, double measured) {
    return new Target(what, bound, false, measured, "×");
  }

  static Target atMost(String what, double bound, double measured, String unit) {
    return new Target(what, bound, false, measured, " " + unit);
  }

  String verdict() {
    if (Double.isNaN(measured)) {
      return "not measured";
    }
    return (atLeast ? measured >= bound : measured <= bound) ? "met" : "missed";
  }

  String goal() {
    return (atLeast ? "≥ " : "≤ ") + number(bound) + unit;
  }

  String result() {
    return Double.isNaN(measured) ? "–" : number(measured) + unit;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.2f", value);
  }
}
