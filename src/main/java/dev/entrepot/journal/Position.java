package dev.entrepot.journal;

/**
 * A position in the audit log.
 *
 * @param era counts the databases that the log has been moved through
 * @param tx transaction that wrote the event
 * @param id tells events of a transaction apart
 */
record Position(int era, long tx, long id) {}
