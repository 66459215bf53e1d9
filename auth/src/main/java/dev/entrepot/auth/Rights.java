package dev.entrepot.auth;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of what follows from who somebody is and what a repository is. Everything else that
 * decides about rights only finds out the arguments.
 */
public final class Rights {
  /** Who asks, as far as the rules care. */
  public enum Identity {
    /** Without an account. */
    ANONYMOUS,
    /** A user. */
    USER,
    /** A robot: only what its roles give. */
    ROBOT,
    /** A user who looks after the whole registry. */
    ADMINISTRATOR
  }

  private Rights() {}

  /**
   * What somebody may do in a repository.
   *
   * @param role the greatest that they have in it, by whatever way; null for none
   * @param visibility null when there is no such repository
   * @param mayCreate whether they may make it, when there is none
   */
  public static Set<Action> of(
      Identity identity, @Nullable Role role, @Nullable Visibility visibility, boolean mayCreate) {
    Role effective = identity == Identity.ADMINISTRATOR ? Role.ADMIN : role;
    if (visibility == null) {
      return mayCreate || identity == Identity.ADMINISTRATOR ? Role.WRITE.actions() : Set.of();
    }
    Set<Action> actions = EnumSet.noneOf(Action.class);
    if (effective != null) {
      actions.addAll(effective.actions());
    }
    if (visibility == Visibility.PUBLIC
        || visibility == Visibility.INTERNAL && identity == Identity.USER) {
      actions.add(Action.PULL);
    }
    return Set.copyOf(actions);
  }
}
