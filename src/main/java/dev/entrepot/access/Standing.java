package dev.entrepot.access;

import dev.entrepot.auth.Action;
import dev.entrepot.auth.Rights;
import dev.entrepot.auth.Role;
import dev.entrepot.auth.Visibility;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an account stands towards a repository: what the rows say, before any rule.
 *
 * @param identity who it is; null for an account that is gone, disabled or expired
 * @param visibility null when there is no such repository
 * @param role the greatest, by whatever way; null for none
 * @param mayCreate whether it may make the repository when there is none
 * @param validUntilMillis when the account expires
 */
record Standing(
    Rights.@Nullable Identity identity,
    @Nullable Visibility visibility,
    @Nullable Role role,
    boolean mayCreate,
    long validUntilMillis) {
  /** Of an account that may do nothing. */
  static Standing none(@Nullable Visibility visibility) {
    return new Standing(null, visibility, null, false, Long.MAX_VALUE);
  }

  Set<Action> actions() {
    return identity == null ? Set.of() : Rights.of(identity, role, visibility, mayCreate);
  }
}
