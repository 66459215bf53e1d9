package dev.entrepot.auth;

/**
 * Who calls.
 *
 * @param name as it is recorded with what they do
 */
public record Subject(String name) {
  /** A caller that has not said who it is. */
  public static final Subject ANONYMOUS = new Subject("anonymous");
}
