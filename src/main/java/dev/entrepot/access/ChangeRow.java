package dev.entrepot.access;

/**
 * A row of {@code access_change}.
 *
 * @param id of the row
 * @param transaction that wrote it
 * @param ageMillis when it was read
 * @param what has changed
 */
record ChangeRow(long id, long transaction, long ageMillis, String what) {
  private static final String RIGHTS = "rights";

  /** Whether tokens that were issued before are not valid any more. */
  boolean revokes() {
    return !what.equals(RIGHTS);
  }
}
