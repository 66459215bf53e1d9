package dev.entrepot.access;

/**
 * Something that memories of accounts and rights must forget, in all servers. It is a row of {@code
 * access_change}, and an event in the server that made it, told after the commit.
 *
 * @param what as the row has it
 */
public record AccessChange(String what) {
  /** Decisions may come out otherwise; tokens that are out stay valid. */
  public static final AccessChange RIGHTS = new AccessChange("rights");

  /** The user's tokens issued before are not valid. */
  public static AccessChange user(long id) {
    return new AccessChange("user:" + id);
  }

  /** The robot's tokens issued before are not valid. */
  public static AccessChange robot(long id) {
    return new AccessChange("robot:" + id);
  }

  /** Tokens got with this secret are not valid, nor is the secret. */
  public static AccessChange token(long id) {
    return new AccessChange("credential:token:" + id);
  }

  /** Tokens got by this rule of a trusted issuer are not valid. */
  public static AccessChange rule(long id) {
    return new AccessChange("credential:rule:" + id);
  }

  /** Tokens issued before that hold this repository are not valid. */
  public static AccessChange repository(String name) {
    return new AccessChange("repository:" + name);
  }
}
