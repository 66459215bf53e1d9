/** The database: connections, transactions, errors; no statement of any feature. */
@NullMarked
package dev.entrepot.database;

import org.jspecify.annotations.NullMarked;
