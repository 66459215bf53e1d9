package dev.entrepot.account.organisation;

/**
 * A member of an organisation.
 *
 * @param owner whether they manage the organisation and may do everything in its repositories
 */
public record Member(String user, boolean owner) {}
