/** Who may do what, by the rows of accounts and roles, and what of that is kept in memory. */
@NullMarked
package dev.entrepot.access;

import org.jspecify.annotations.NullMarked;
