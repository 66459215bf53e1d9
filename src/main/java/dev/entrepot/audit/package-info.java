/** The audit log: taken down, sealed, verified, shown, and dropped when its time is over. */
@NullMarked
package dev.entrepot.audit;

import org.jspecify.annotations.NullMarked;
