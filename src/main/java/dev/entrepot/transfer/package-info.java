/** Content that comes from elsewhere, or goes there. */
@NullMarked
package dev.entrepot.transfer;

import org.jspecify.annotations.NullMarked;
