package dev.entrepot.account;

import dev.entrepot.management.Problem;
import java.util.Set;

/** The grammars of names. */
public final class Names {
  /** A component of a repository's name, which is what users and organisations become. */
  public static final String ACCOUNT = "(?=.{1,64}$)[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*";

  public static final String ACCOUNT_MESSAGE =
      "must be 1 to 64 lower-case letters and digits, inside also single '.', '_', '__' or dashes";

  /** First components, or user names at the login, that mean something else. */
  private static final Set<String> RESERVED = Set.of("library", "oidc", "anonymous");

  private Names() {}

  /** Refuses what no account may be called. */
  public static String checkAccount(String name) {
    if (!name.matches(ACCOUNT)) {
      throw Problem.INVALID.with("name " + ACCOUNT_MESSAGE);
    }
    if (RESERVED.contains(name)) {
      throw Problem.CONFLICT.with("The name " + name + " is reserved");
    }
    return name;
  }
}
