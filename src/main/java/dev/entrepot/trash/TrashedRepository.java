package dev.entrepot.trash;

import java.time.Instant;

/**
 * A repository that was deleted.
 *
 * @param name that it had, and gets back
 * @param deletedBy the name of the account
 * @param restorableUntil when it is gone for good
 */
record TrashedRepository(
    long id, String name, Instant deletedAt, String deletedBy, Instant restorableUntil) {}
