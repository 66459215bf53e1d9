package dev.entrepot.auth;

import java.util.EnumSet;
import java.util.Set;

/**
 * An {@link Authorizer}'s answer.
 *
 * @param allowed those of the actions asked for that the caller may do
 * @param denied the others
 * @param visible whether the caller may know that the repository exists; where not, it must look
 *     like one that does not
 * @param founds whether that holds only until somebody has made the repository
 */
public record Decision(Set<Action> allowed, Set<Action> denied, boolean visible, boolean founds) {
  public Decision {
    allowed = Set.copyOf(allowed);
    denied = Set.copyOf(denied);
  }

  /** About what is there. */
  public Decision(Set<Action> allowed, Set<Action> denied, boolean visible) {
    this(allowed, denied, visible, false);
  }

  /** The same of a repository that is still to be made. */
  public Decision founding() {
    return new Decision(allowed, denied, visible, true);
  }

  /** Splits what was asked for into what is allowed and what is not. */
  public static Decision of(Set<Action> asked, Set<Action> mayDo, boolean visible) {
    if (mayDo.containsAll(asked)) { // as for almost every request
      return new Decision(asked, Set.of(), visible);
    }
    Set<Action> allowed = EnumSet.noneOf(Action.class);
    Set<Action> denied = EnumSet.noneOf(Action.class);
    asked.forEach(action -> (mayDo.contains(action) ? allowed : denied).add(action));
    return new Decision(allowed, denied, visible);
  }

  /** Whether all that was asked for is allowed. */
  public boolean allows() {
    return denied.isEmpty();
  }
}
