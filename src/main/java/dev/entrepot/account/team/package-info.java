/** The teams of organisations. */
@NullMarked
package dev.entrepot.account.team;

import org.jspecify.annotations.NullMarked;
