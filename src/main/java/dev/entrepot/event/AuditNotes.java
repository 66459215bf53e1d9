package dev.entrepot.event;

/**
 * Takes down, a little later, what has no transaction to be written in: sign-ins and refusals.
 * Declared here; the audit log fulfils it. Never blocks and never fails. Refusals that repeat
 * within a minute become one event with a count; what cannot be kept for want of room is counted as
 * lost.
 */
public interface AuditNotes {
  void note(AuditEvent event);

  /** Keeps nothing. */
  static AuditNotes none() {
    return event -> {};
  }
}
