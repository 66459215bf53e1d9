package dev.entrepot.conformance.support;

/** How much the tests do that find more the longer they run: {@code ./entrepot test --long}. */
public final class LongRuns {
  /** System property: {@code true} for all of it. */
  public static final String PROPERTY = "long-runs";

  private LongRuns() {}

  public static boolean isOn() {
    return Boolean.getBoolean(PROPERTY);
  }

  /** What is enough at every change, or what is wanted in a long run. */
  public static <T> T of(T usual, T inLongRuns) {
    return isOn() ? inLongRuns : usual;
  }
}
