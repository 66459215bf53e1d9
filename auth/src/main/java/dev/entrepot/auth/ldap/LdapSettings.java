package dev.entrepot.auth.ldap;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How to ask a directory.
 *
 * @param bindDn the account that searches; empty: searches without one
 * @param bindPassword its password
 * @param userBase below which entry the users are
 * @param userFilter finds a user's entry; <code>{user}</code> stands for the name given at login
 * @param idAttribute what never changes about a user, such as {@code entryUUID}; {@code dn} takes
 *     the entry's name
 * @param memberOf the attribute of a user that names their groups; used when there is no group
 *     filter
 * @param groups how to search for groups instead
 * @param poolSize how many connections at most
 * @param timeout of connecting, of each answer, and of waiting for a connection
 */
public record LdapSettings(
    String host,
    int port,
    Security security,
    SSLContext tls,
    String bindDn,
    String bindPassword,
    String userBase,
    String userFilter,
    String idAttribute,
    String memberOf,
    Optional<GroupSearch> groups,
    int poolSize,
    Duration timeout) {
  static final String USER = "{user}";
  static final String DN = "{dn}";

  /** How a connection is protected. */
  public enum Security {
    /** Not at all: passwords go in the clear. For tests, and sockets on the same machine. */
    NONE,
    /** TLS begins on a plain connection before anything else is said. */
    STARTTLS,
    /** TLS from the first byte. */
    LDAPS
  }

  /**
   * Finds groups by their members.
   *
   * @param base below which entry the groups are
   * @param filter <code>{dn}</code> stands for the user's entry, <code>{user}</code> for the name
   *     given at login
   */
  public record GroupSearch(String base, String filter) {}

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when they cannot work
   */
  public LdapSettings {
    if (!userFilter.contains(USER)) {
      throw new IllegalArgumentException("a user filter must hold " + USER);
    }
    if (groups.isPresent()
        && !groups.get().filter().contains(DN)
        && !groups.get().filter().contains(USER)) {
      throw new IllegalArgumentException("a group filter must hold " + DN + " or " + USER);
    }
    if (poolSize < 1 || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("a pool and a timeout are needed");
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return security + " " + host + ":" + port + " " + userBase;
  }
}
