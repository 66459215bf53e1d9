package dev.entrepot.account.grant;

import dev.entrepot.auth.Role;

/**
 * A role that somebody was given in a repository, or in all repositories of an organisation.
 *
 * @param kind what {@code name} is the name of
 */
public record Grant(long id, Grantee.Kind kind, String name, Role role) {}
