package dev.entrepot.auth.ldap;

import java.util.Optional;
import java.util.Set;

/**
 * A person of the directory, whose password was right.
 *
 * @param id what never changes about them
 * @param dn their entry
 * @param email where the directory has one
 * @param groups the names (DN) of their groups, in the directory's writing
 */
public record LdapUser(String id, String dn, Optional<String> email, Set<String> groups) {
  public LdapUser {
    groups = Set.copyOf(groups);
  }
}
