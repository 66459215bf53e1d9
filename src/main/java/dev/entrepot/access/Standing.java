package dev.entrepot.access;

import dev.entrepot.auth.Action;
import dev.entrepot.auth.Rights;
import dev.entrepot.auth.Role;
import dev.entrepot.auth.Visibility;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an account stands towards a repository.
 *
 * @param exists whether there is such a repository
 * @param actions what the account may do in it
 * @param validUntilMillis when the account expires
 */
record Standing(boolean exists, Set<Action> actions, long validUntilMillis) {
  /** Of an account that may do nothing: it is gone, disabled or expired. */
  static Standing none(@Nullable Visibility visibility) {
    return new Standing(visibility != null, Set.of(), Long.MAX_VALUE);
  }

  /**
   * By the rules.
   *
   * @param role the greatest, by whatever way; null for none
   * @param visibility null when there is no such repository
   * @param mayCreate whether it may make the repository when there is none
   */
  static Standing of(
      Rights.Identity identity,
      @Nullable Role role,
      @Nullable Visibility visibility,
      boolean mayCreate,
      long validUntilMillis) {
    return new Standing(
        visibility != null, Rights.of(identity, role, visibility, mayCreate), validUntilMillis);
  }
}
