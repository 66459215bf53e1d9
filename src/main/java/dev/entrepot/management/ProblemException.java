package dev.entrepot.management;

/** A request to the management API that cannot be fulfilled. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Problem problem;

  ProblemException(Problem problem, String detail) {
    super(detail, null, false, false); // an answer, not a fault
    this.problem = problem;
  }

  /** The row of the table. */
  public Problem problem() {
    return problem;
  }
}
