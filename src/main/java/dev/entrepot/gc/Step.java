package dev.entrepot.gc;

import org.jspecify.annotations.Nullable;

/**
 * A part of clean-up that goes through some rows, batch by batch. Batches may be done twice, by two
 * servers at once, and be broken off anywhere: what is not done is done the next time.
 */
interface Step {
  /** The same for all time: progress is kept by it. */
  String name();

  /**
   * Does one batch.
   *
   * @param cursor null at the beginning
   * @return where to go on; null at the end
   */
  @Nullable String batch(@Nullable String cursor);
}
