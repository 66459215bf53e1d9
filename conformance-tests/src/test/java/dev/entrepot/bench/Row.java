package dev.entrepot.bench;

/** One row of the benchmark: measures and adds figures, targets and notes to its result. */
interface Row {

  /** The name by which {@code --rows} selects it. */
  String id();

  String title();

  /**
   * Measures the row.
   *
   * @throws Skipped when something it needs is absent; the report then gives the reason
   */
  void measure(Session session, RowResult result) throws Exception;
}
