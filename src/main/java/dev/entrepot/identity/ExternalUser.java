package dev.entrepot.identity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user as a provider knows them.
 *
 * @param provider its name in the settings
 * @param subject what the provider knows the user by, for ever and nobody else
 * @param name what an account would be named after; the provider may change it, and give it to
 *     somebody else
 * @param email where the provider tells it
 * @param groups those the user is in now
 */
record ExternalUser(
    String provider, String subject, String name, @Nullable String email, Set<String> groups) {
  /** More than any provider puts into a token. */
  private static final int MAX_GROUPS = 1000;

  private static final int MAX_LENGTH = 255;

  ExternalUser {
    if (subject.isEmpty() || subject.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("subject has no fit length");
    }
    if (groups.size() > MAX_GROUPS) {
      throw new IllegalArgumentException("in more groups than " + MAX_GROUPS);
    }
    groups = Set.copyOf(groups);
  }
}
