package dev.entrepot.bench;

/** A row or a server cannot be measured here; the message says why and is printed in the report. */
final class Skipped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Skipped(String reason) {
    super(reason);
  }
}
