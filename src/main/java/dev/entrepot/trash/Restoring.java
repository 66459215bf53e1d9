package dev.entrepot.trash;

/**
 * How to restore.
 *
 * @param force whether tags that point elsewhere by now are moved back
 */
record Restoring(boolean force) {}
