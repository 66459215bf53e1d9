package dev.entrepot.account.team;

/**
 * A user in a team.
 *
 * @param provider whose groups brought them; empty for those added by hand
 */
public record TeamMember(String user, String provider) {
  /** Where a list goes on. */
  String key() {
    return user + "/" + provider;
  }
}
