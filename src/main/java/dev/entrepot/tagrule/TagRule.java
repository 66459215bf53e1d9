package dev.entrepot.tagrule;

import java.time.Instant;

/**
 * Tags that stay as they are.
 *
 * @param id names the rule
 * @param pattern which tags
 * @param owner in which repositories
 * @param createdAt since when
 */
record TagRule(long id, TagPattern pattern, Owner owner, Instant createdAt) {
  /** What a rule is set on. */
  enum Kind {
    REPOSITORY,
    NAMESPACE
  }

  /**
   * Where a rule is set.
   *
   * @param kind one repository, or all of a namespace
   * @param name of that
   */
  record Owner(Kind kind, String name) {
    @Override
    public String toString() {
      return (kind == Kind.REPOSITORY ? "repository " : "namespace ") + name;
    }
  }
}
