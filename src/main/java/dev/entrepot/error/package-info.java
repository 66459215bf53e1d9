/** The one table of error codes, and the exception that carries one. */
@NullMarked
package dev.entrepot.error;

import org.jspecify.annotations.NullMarked;
