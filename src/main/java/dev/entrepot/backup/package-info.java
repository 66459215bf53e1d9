/** Backups of the database and the store together, and their restoration. */
@NullMarked
package dev.entrepot.backup;

import org.jspecify.annotations.NullMarked;
