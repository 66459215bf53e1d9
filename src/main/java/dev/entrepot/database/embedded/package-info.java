/**
 * The PostgreSQL that the server brings along: unpacked from a jar, run as child processes below
 * the data directory, supervised. Plain Java: it is started before the framework and stopped after
 * it.
 */
@NullMarked
package dev.entrepot.database.embedded;

import org.jspecify.annotations.NullMarked;
