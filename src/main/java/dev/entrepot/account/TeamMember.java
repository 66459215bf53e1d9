package dev.entrepot.account;

/**
 * A user in a team.
 *
 * @param provider whose groups brought them; empty for those added by hand
 */
public record TeamMember(String user, String provider) {}
