/** Organisations and who belongs to them. */
@NullMarked
package dev.entrepot.account.organisation;

import org.jspecify.annotations.NullMarked;
