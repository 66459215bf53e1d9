package dev.entrepot.access;

/**
 * A row of {@code access_change}.
 *
 * @param transaction that wrote it
 * @param ageMillis when it was read
 * @param what has changed
 */
record ChangeRow(long transaction, long ageMillis, String what) {
  static final String RIGHTS = "rights";

  /** Whether tokens that were issued before are not valid any more. */
  boolean revokes() {
    return !what.equals(RIGHTS);
  }
}
